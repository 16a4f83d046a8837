//! The `stend` binary: everything is in the library.

fn main() -> std::process::ExitCode {
    stend::cli()
}
