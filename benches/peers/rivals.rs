//! How each rival is told to answer the one call: by a stub that matches method, path and key where it can, as its
//! users run it, and again as quietly as it can be.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::Contender;
use super::install::{HTTPMOCK, JSON_SERVER, MOCKOON, PRISM, Package, Rivals, WIREMOCK};
use crate::support::figures::version;
use crate::support::fixture::API_KEY;

/// Where the stub answers.
const PATH: &str = "/integration/general/client";

/// A rival's package, and how to come by its contenders; the stub's answer is given.
pub(crate) type Rival = (Package, fn(&Rivals, &str) -> io::Result<Vec<Contender>>);

/// The rivals.
pub(crate) const RIVALS: [Rival; 5] = [
    (HTTPMOCK, httpmock),
    (WIREMOCK, wiremock),
    (JSON_SERVER, json_server),
    (PRISM, prism),
    (MOCKOON, mockoon),
];

fn httpmock(rivals: &Rivals, answer: &str) -> io::Result<Vec<Contender>> {
    let binary = rivals.cargo(&HTTPMOCK, "standalone")?;
    let stubs = rivals.folder("httpmock")?;
    // JSON is YAML, too.
    let stub = json!({
        "when": {"method": "POST", "path": PATH, "header": [{"name": "apikey", "value": API_KEY}]},
        "then": {
            "status": 200,
            "header": [{"name": "content-type", "value": "application/json"}],
            "body": answer,
        },
    });
    write(&stubs.join("client.yaml"), &stub)?;
    let (binary, stubs) = (text(&binary)?, text(&stubs)?);
    let run = |how, quiet: &[&str]| {
        let arguments = ["--port", "{port}", "--mock-files-dir", stubs];
        Contender::of(&HTTPMOCK, how, binary, &[&arguments, quiet].concat())
    };
    Ok(vec![
        run("standalone, as is", &[]),
        run("standalone, quiet", &["--disable-access-log", "--request-history-limit", "0"]),
    ])
}

fn wiremock(rivals: &Rivals, answer: &str) -> io::Result<Vec<Contender>> {
    if version("java", &["-version"]).is_none() {
        return Err(io::Error::other("there is no java"));
    }
    let build = rivals.npm(&WIREMOCK)?.join("build");
    let jar = fs::read_dir(&build)?.filter_map(Result::ok).map(|entry| entry.path());
    let jar = jar.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "jar"));
    let jar = jar.ok_or_else(|| io::Error::other("its package holds no jar"))?;
    let root = rivals.folder("wiremock")?;
    fs::create_dir_all(root.join("mappings"))?;
    let stub = json!({
        "request": {"method": "POST", "urlPath": PATH, "headers": {"apikey": {"equalTo": API_KEY}}},
        "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": answer},
    });
    write(&root.join("mappings/client.json"), &stub)?;
    // What the npm package's own script does; without it, as the server is to be looked at and not the script.
    let (jar, root) = (text(&jar)?, text(&root)?);
    let run = |how, of_java: &[&str], quiet: &[&str]| {
        let arguments = ["-jar", jar, "--port", "{port}", "--root-dir", root];
        Contender::of(&WIREMOCK, how, "java", &[of_java, &arguments, quiet].concat())
    };
    let quiet = ["--no-request-journal", "--disable-request-logging"];
    Ok(vec![
        run("as is", &[], &[]),
        run("quiet", &[], &quiet),
        run("quiet, 256 MB heap", &["-Xmx256m"], &quiet),
    ])
}

fn json_server(rivals: &Rivals, answer: &str) -> io::Result<Vec<Contender>> {
    let script = rivals.npm(&JSON_SERVER)?.join("lib/cli/bin.js");
    let folder = rivals.folder("json-server")?;
    write(&folder.join("db.json"), &json!({"clients": []}))?;
    let (path, key, answer) = (json!(PATH), json!(API_KEY), json!(answer));
    let middleware = format!(
        "module.exports = (request, response, next) => {{\n  if (request.method !== 'POST' || request.path !== {path} || request.get('apikey') !== {key}) return next();\n  response.type('application/json').send({answer});\n}};\n"
    );
    fs::write(folder.join("stub.js"), middleware)?;
    let (stub, db) = (folder.join("stub.js"), folder.join("db.json"));
    let (script, stub, db) = (text(&script)?, text(&stub)?, text(&db)?);
    let run = |how, quiet: &[&str]| {
        let arguments = [script, db, "--host", "127.0.0.1", "--port", "{port}", "--middlewares", stub];
        Contender::of(&JSON_SERVER, how, "node", &[&arguments, quiet].concat())
    };
    Ok(vec![run("middleware, as is", &[]), run("middleware, quiet", &["--quiet"])])
}

/// Where Prism's document has the answer.
const EXAMPLE: &str = "the answer";

fn prism(rivals: &Rivals, answer: &str) -> io::Result<Vec<Contender>> {
    let script = rivals.npm(&PRISM)?.join("dist/index.js");
    let document = rivals.folder("prism")?.join("client.json");
    let text_schema = json!({"type": "string"});
    let body = json!({
        "type": "object",
        "required": ["search", "point"],
        "properties": {
            "search": text_schema,
            "point": text_schema,
            "hold": {"type": "array", "items": text_schema},
        },
    });
    let operation = json!({
        "parameters": [{"name": "apikey", "in": "header", "required": true, "schema": text_schema}],
        "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
        "responses": {"200": {
            "description": "The client.",
            "content": {"application/json": {"schema": {"type": "object"}, "example": EXAMPLE}},
        }},
    });
    let api = json!({
        "openapi": "3.1.0",
        "info": {"title": "client", "version": "1"},
        "paths": {PATH: {"post": operation}},
    });
    // As it is: a value would put its fields in another order.
    let api = serde_json::to_string_pretty(&api)?.replace(&format!("\"{EXAMPLE}\""), answer);
    fs::write(&document, api)?;
    let (script, document) = (text(&script)?, text(&document)?);
    let run = |how, quiet: &[&str]| {
        let arguments = [script, "mock", "--port", "{port}", document];
        Contender::of(&PRISM, how, "node", &[&arguments, quiet].concat())
    };
    Ok(vec![run("as is", &[]), run("silent", &["--verboseLevel", "silent"])])
}

fn mockoon(rivals: &Rivals, answer: &str) -> io::Result<Vec<Contender>> {
    let script = rivals.npm(&MOCKOON)?.join("bin/run.js");
    let folder = rivals.folder("mockoon")?;
    let id = |number: u8| format!("00000000-0000-4000-8000-{number:012}");
    let environment = |rules: Value| {
        let response = json!({
            "uuid": id(1), "label": "", "statusCode": 200, "latency": 0, "bodyType": "INLINE", "body": answer,
            "headers": [{"key": "Content-Type", "value": "application/json"}],
            "rules": rules, "rulesOperator": "AND", "disableTemplating": false, "fallbackTo404": false,
            "default": true, "crudKey": "id", "callbacks": [], "filePath": "", "sendFileAsBody": false,
            "databucketID": "",
        });
        let route = json!({
            "uuid": id(2), "type": "http", "documentation": "", "method": "post",
            "endpoint": PATH.trim_start_matches('/'), "responses": [response], "responseMode": null,
            "streamingMode": null, "streamingInterval": 0,
        });
        json!({
            "uuid": id(3), "lastMigration": 33, "name": "client", "port": 3000, "hostname": "127.0.0.1",
            "endpointPrefix": "", "latency": 0, "folders": [], "routes": [route],
            "rootChildren": [{"type": "route", "uuid": id(2)}], "proxyMode": false, "proxyHost": "",
            "proxyRemovePrefix": false, "proxyReqHeaders": [], "proxyResHeaders": [], "cors": true, "headers": [],
            "tlsOptions": {
                "enabled": false, "type": "CERT", "pfxPath": "", "certPath": "", "keyPath": "", "caPath": "",
                "passphrase": "",
            },
            "data": [], "callbacks": [],
        })
    };
    let key = json!({
        "target": "header", "modifier": "apikey", "value": API_KEY, "operator": "equals", "invert": false,
    });
    let (rules, plain) = (folder.join("rules.json"), folder.join("plain.json"));
    write(&rules, &environment(json!([key])))?;
    write(&plain, &environment(json!([])))?;
    let (script, rules, plain) = (text(&script)?, text(&rules)?, text(&plain)?);
    let run = |how, data, quiet: &[&str]| {
        let arguments = [script, "start", "--data", data, "--port", "{port}"];
        Contender::of(&MOCKOON, how, "node", &[&arguments, quiet].concat())
    };
    let quiet = ["--disable-log-to-file", "--disable-admin-api", "--max-transaction-logs", "0"];
    Ok(vec![run("a rule for the key, as is", rules, &[]), run("one plain route, quiet", plain, &quiet)])
}

fn write(path: &Path, value: &Value) -> io::Result<()> {
    fs::write(path, serde_json::to_string_pretty(value)?)
}

fn text(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| io::Error::other(format!("{} is no text", path.display())))
}
