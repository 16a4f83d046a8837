package till;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A test's own world on the server. Only this file knows of stend. */
final class Sandbox {
    private static final String URL = System.getenv().getOrDefault("STEND_URL", "http://127.0.0.1:6896");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** A name that nobody else has, this run or another. */
    final String name = "ju-" + UUID.randomUUID();

    /** The client under test, in this sandbox. */
    Till till() {
        return new Till(URL, "test-key~" + name, "62a0f1e2d3c4b5a69788f4f4");
    }

    void freeze(String at) throws IOException, InterruptedException {
        control("POST", "clock/freeze", "{\"at\": \"%s\"}".formatted(at));
    }

    /** Lets time pass; the answer says what is over. */
    String advance(String by) throws IOException, InterruptedException {
        return control("POST", "clock/advance", "{\"by\": \"%s\"}".formatted(by));
    }

    void delete() throws IOException, InterruptedException {
        control("DELETE", "sandboxes/" + name, "");
    }

    private String control(String method, String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(URL + "/_stend/" + path))
                .header("X-Stend-Sandbox", name)
                .timeout(Duration.ofSeconds(10))
                .method(method, BodyPublishers.ofString(body))
                .build();
        var response = HTTP.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(response.body());
        }
        return response.body();
    }

    /** Gives a sandbox to each test that asks for one. */
    static final class Extension implements ParameterResolver, AfterEachCallback {
        private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Sandbox.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
            return parameter.getParameter().getType() == Sandbox.class;
        }

        @Override
        public Sandbox resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return test.getStore(NAMESPACE).getOrComputeIfAbsent(Sandbox.class);
        }

        /** The sandbox of a test that failed stays, to be looked at. */
        @Override
        public void afterEach(ExtensionContext test) throws IOException, InterruptedException {
            var sandbox = test.getStore(NAMESPACE).get(Sandbox.class, Sandbox.class);
            if (sandbox != null && test.getExecutionException().isPresent()) {
                test.publishReportEntry("sandbox", sandbox.name);
            } else if (sandbox != null) {
                sandbox.delete();
            }
        }
    }
}
