//! Brings the rivals, once, into the target folder, each in the version that is named here.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::process::run;

/// A rival's package.
pub(crate) struct Package {
    /// What it is called.
    pub(crate) title: &'static str,
    name: &'static str,
    /// Which one it is.
    pub(crate) version: &'static str,
}

/// From npm.
pub(crate) const WIREMOCK: Package = Package { title: "WireMock", name: "wiremock", version: "3.13.2" };
pub(crate) const MOCKOON: Package = Package { title: "Mockoon CLI", name: "@mockoon/cli", version: "9.9.0" };
pub(crate) const PRISM: Package = Package { title: "Prism", name: "@stoplight/prism-cli", version: "5.16.0" };
pub(crate) const JSON_SERVER: Package =
    Package { title: "json-server", name: "json-server", version: "0.17.4" };

/// From crates.io.
pub(crate) const HTTPMOCK: Package = Package { title: "httpmock", name: "httpmock", version: "0.9.0" };

impl Package {
    /// As package managers write it.
    fn spec(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}

/// Where the rivals are.
pub(crate) struct Rivals(PathBuf);

impl Rivals {
    /// In this folder.
    pub(crate) fn at(folder: PathBuf) -> Rivals {
        Rivals(folder)
    }

    /// The folder of a package from npm, installed if it is not there.
    pub(crate) fn npm(&self, package: &Package) -> io::Result<PathBuf> {
        let folder = self.installed(package, |folder| {
            let mut npm = Command::new("npm");
            npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"]);
            npm.arg("--prefix").arg(folder).arg(package.spec());
            npm
        })?;
        Ok(folder.join("node_modules").join(package.name))
    }

    /// The binary of a crate, installed if it is not there.
    pub(crate) fn cargo(&self, package: &Package, features: &str) -> io::Result<PathBuf> {
        let folder = self.installed(package, |folder| {
            let mut cargo = Command::new(std::env::var_os("CARGO").as_deref().unwrap_or(OsStr::new("cargo")));
            cargo.args(["install", "--quiet", "--locked", &package.spec(), "--features", features]);
            cargo.arg("--root").arg(folder).arg("--target-dir").arg(folder.join("build"));
            cargo
        })?;
        // Of no use once it is built.
        drop(fs::remove_dir_all(folder.join("build")));
        Ok(folder.join("bin").join(package.name))
    }

    /// The folder of a rival's own files, made if it is not there.
    pub(crate) fn folder(&self, name: &str) -> io::Result<PathBuf> {
        let folder = self.0.join("files").join(name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// A package's folder; what is marked as installed is not installed again.
    fn installed(&self, package: &Package, command: impl FnOnce(&Path) -> Command) -> io::Result<PathBuf> {
        let folder = self.0.join(package.spec().replace('/', "-"));
        let mark = folder.join("installed");
        if mark.exists() {
            return Ok(folder);
        }
        fs::create_dir_all(&folder)?;
        eprintln!("installing {} …", package.spec());
        let mut command = command(&folder);
        let status = run(command.stdout(Stdio::null()))?;
        if !status.success() {
            let program = command.get_program().to_string_lossy();
            return Err(io::Error::other(format!("{program} could not install it: {status}")));
        }
        fs::write(mark, package.spec())?;
        Ok(folder)
    }
}
