package till;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The client under test: it knows the loyalty programme, and nothing of stend. */
public final class Till {
    /** The programme said no; the message is its answer. */
    public static final class Refused extends RuntimeException {
        Refused(String answer) {
            super(answer);
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final String apiKey;
    private final String point;

    public Till(String url, String apiKey, String point) {
        this.url = url;
        this.apiKey = apiKey;
        this.point = point;
    }

    // The JDK reads no JSON, so answers are texts here.

    public String find(String phone) throws IOException, InterruptedException {
        return call("client", "\"search\": \"%s\"".formatted(phone));
    }

    public String hold(String client, int amount) throws IOException, InterruptedException {
        return call("bonuses/hold", "\"client\": \"%s\", \"amount\": %d".formatted(client, amount));
    }

    public String pay(String client, int amount, int spend) throws IOException, InterruptedException {
        return call("retail", "\"client\": \"%s\", \"amount\": %d, \"spend\": %d".formatted(client, amount, spend));
    }

    private String call(String path, String fields) throws IOException, InterruptedException {
        var body = "{\"point\": \"%s\", %s}".formatted(point, fields);
        var request = HttpRequest.newBuilder(URI.create(url + "/integration/general/" + path))
                .header("apikey", apiKey)
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString(body))
                .build();
        var response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new Refused(response.body());
        }
        return response.body();
    }
}
