//! `stend completions SHELL`: scripts for shells, on stdout.

use super::stend;

#[test]
fn every_shell_gets_a_script_that_knows_commands_and_flags() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, stdout, stderr) = stend(&["completions", shell], &[]);
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{shell}");
        for word in ["healthcheck", "completions", "freeze", "print-url"] {
            assert!(stdout.contains(word), "{shell} does not know {word}");
        }
    }
}

#[test]
fn another_shell_is_told_which_there_are() {
    let (code, stdout, stderr) = stend(&["completions", "tcsh"], &[]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("'tcsh'") && stderr.contains("bash, elvish, fish, powershell, zsh"), "{stderr}");
}
