//! `stend healthcheck`: whether a server is ready, by exit code.

use super::{Running, free_port_text, stend};

#[test]
fn a_ready_server_is_healthy_however_it_is_named() {
    let running = Running::start(&["--port", "0", "--print-url"], &[]);
    let url = running.printed_url();
    let port = url.rsplit_once(':').expect("a port").1;
    let slash = format!("{url}/");
    for (arguments, environment) in [
        (&["--url", url.as_str()][..], &[][..]),
        (&["--url", slash.as_str()], &[]),
        (&[], &[("STEND_URL", url.as_str())]),
        (&[], &[("STEND_PORT", port)]),
        (&[], &[("STEND_PORT", port), ("STEND_HOST", "0.0.0.0")]),
        (&["--port", port, "--host", "localhost"], &[]),
        (&["--url", url.as_str(), "--wait", "--timeout", "5s"], &[]),
    ] {
        let arguments: Vec<&str> = ["healthcheck"].iter().chain(arguments).copied().collect();
        assert_eq!(stend(&arguments, environment), (Some(0), String::new(), String::new()), "{arguments:?}");
    }
}

#[test]
fn no_server_is_not_healthy_and_the_address_is_told() {
    let url = format!("http://127.0.0.1:{}", free_port_text());
    for arguments in
        [&["healthcheck", "--url", &url][..], &["healthcheck", "--url", &url, "--wait", "--timeout", "200ms"]]
    {
        let (code, stdout, stderr) = stend(arguments, &[]);
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{stderr}");
        assert!(stderr.contains(&url), "{stderr}");
    }
}

#[test]
fn it_waits_until_the_server_is_there() {
    let port = free_port_text();
    let waiting = Running::start(&["healthcheck", "--port", &port, "--wait", "--timeout", "20s"], &[]);
    let running = Running::start(&["--port", &port, "--print-url"], &[]);
    running.printed_url();
    assert_eq!(waiting.exit_code(), Some(0));
}
