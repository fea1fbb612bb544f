package io.waxwatch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.file.FileSystem;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import io.waxwatch.common.testing.TestNode;
import io.waxwatch.gateway.testing.Contract;
import io.waxwatch.gateway.testing.Contract.Operation;
import io.waxwatch.gateway.testing.TestGateway;
import io.waxwatch.gateway.testing.TestGateway.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The API document: that it is one, that it is whole, and that everybody can read it. */
class DocumentTest {

    private static final Contract CONTRACT = Contract.document();
    /** A body is read of these, wanted or not. */
    private static final Set<HttpMethod> WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PATCH);

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void is_valid_openapi_3_1() {
        String openapi = "https://spec.openapis.org/oas/3.1/schema/2022-10-07";
        SchemaRepository schemas = officialSchemas(openapi);
        OutputUnit result = schemas.validator(openapi).validate(CONTRACT.json());
        assertThat(result.getErrors()).isNull();
        assertThat(result.getValid()).isTrue();
        JsonObject broken = CONTRACT.json().copy();
        broken.getJsonObject("components")
                .getJsonObject("parameters")
                .getJsonObject("Limit")
                .put("in", "nowhere");
        assertThat(schemas.validator(openapi).validate(broken).getValid())
                .as("the check itself")
                .isFalse();

        Validator schema = schemas.validator("https://json-schema.org/draft/2020-12/schema");
        CONTRACT.json()
                .getJsonObject("components")
                .getJsonObject("schemas")
                .forEach(each -> assertThat(schema.validate(each.getValue()).getErrors())
                        .as(each.getKey())
                        .isNull());
        assertThat(schema.validate(new JsonObject().put("type", "thing")).getValid())
                .as("the check itself")
                .isFalse();
    }

    /** Those of JSON Schema, and the one of OpenAPI documents. */
    private static SchemaRepository officialSchemas(String openapi) {
        var options = new JsonSchemaOptions()
                .setBaseUri("app://")
                .setDraft(Draft.DRAFT202012)
                .setOutputFormat(OutputFormat.Basic);
        FileSystem files = gateway.node().vertx().fileSystem();
        return SchemaRepository.create(options)
                .preloadMetaSchema(files)
                .dereference(
                        openapi,
                        JsonSchema.of(files.readFileBlocking(openapi.replace("https://", ""))
                                .toJsonObject()));
    }

    @Test
    void names_each_operation_once_and_gives_it_a_tag_that_is_described() {
        assertThat(CONTRACT.operations()).extracting(Operation::id).doesNotHaveDuplicates();
        var tags = CONTRACT.json().getJsonArray("tags").stream()
                .map(tag -> ((JsonObject) tag).getString("name"))
                .toList();
        for (Operation operation : CONTRACT.operations()) {
            assertThat(operation.json().getString("summary"))
                    .as("%s", operation)
                    .isNotBlank();
            assertThat(operation.json().getJsonArray("tags").getList())
                    .as("%s", operation)
                    .isNotEmpty();
            assertThat(tags)
                    .as("%s", operation)
                    .containsAll(operation.json().getJsonArray("tags").stream()
                            .map(String.class::cast)
                            .toList());
        }
    }

    /** Path parameters are declared, and operations with a token say what happens without. */
    @Test
    void declares_parameters_and_refusals() {
        for (Operation operation : CONTRACT.operations()) {
            var declared = operation.parameters().stream()
                    .filter(parameter -> parameter.getString("in").equals("path"))
                    .map(parameter -> "{" + parameter.getString("name") + "}")
                    .toList();
            var wanted = java.util.Arrays.stream(operation.path().split("/"))
                    .filter(segment -> segment.startsWith("{"))
                    .toList();
            assertThat(declared).as("%s", operation).containsExactlyElementsOf(wanted);
            assertThat(operation.responses()).as("%s", operation).containsKeys("414", "431");
            if (operation.path().startsWith("/api/")) {
                assertThat(operation.responses()).as("%s", operation).containsKeys("400", "429", "500", "503");
            }
            if (operation.needsToken()) {
                assertThat(operation.responses()).as("%s", operation).containsKeys("401");
            }
            if (WITH_BODY.contains(operation.method())) {
                assertThat(operation.responses()).as("%s", operation).containsKeys("408", "413", "415", "422");
            }
        }
    }

    @Test
    void every_body_has_examples_that_fit_its_schema() {
        var faults = new ArrayList<String>();
        for (Operation operation : CONTRACT.operations()) {
            operation.jsonBody().ifPresent(media -> faults.addAll(exampleFaults(operation + " body", media)));
            operation.responses().forEach((status, response) -> {
                JsonObject content = response.getJsonObject("content", new JsonObject());
                content.forEach(each -> faults.addAll(
                        exampleFaults(operation + " " + status + " " + each.getKey(), (JsonObject) each.getValue())));
            });
        }
        assertThat(faults).isEmpty();
    }

    private static List<String> exampleFaults(String where, JsonObject media) {
        var examples = new ArrayList<Object>();
        if (media.containsKey("example")) {
            examples.add(media.getValue("example"));
        }
        media.getJsonObject("examples", new JsonObject())
                .forEach(each -> examples.add(((JsonObject) each.getValue()).getValue("value")));
        if (examples.isEmpty()) {
            return List.of(where + " has no example");
        }
        var faults = new ArrayList<String>();
        for (Object example : examples) {
            CONTRACT.faults("example of " + where, media.getJsonObject("schema"), example)
                    .forEach(fault -> faults.add(where + ": " + fault));
        }
        return faults;
    }

    @Test
    void every_parameter_is_described() {
        CONTRACT.json().getJsonObject("components").getJsonObject("parameters").forEach(each -> {
            var parameter = (JsonObject) each.getValue();
            assertThat(parameter.getString("description")).as(each.getKey()).isNotBlank();
            if (parameter.containsKey("example")) {
                assertThat(CONTRACT.faults(
                                "parameter " + each.getKey(),
                                parameter.getJsonObject("schema"),
                                parameter.getValue("example")))
                        .isEmpty();
            }
        });
    }

    @Test
    void serves_it_without_a_token() {
        Reply reply = gateway.anonymous(HttpMethod.GET, "/openapi.json");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-type")).isEqualTo("application/json");
        assertThat(reply.json()).isEqualTo(CONTRACT.json());
        assertThat(reply.header("x-request-id")).isNotNull();
    }

    @Test
    void draws_it_without_any_outside_host() {
        for (String path : List.of("/docs", "/redoc")) {
            Reply page = gateway.anonymous(HttpMethod.GET, path);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
            assertThat(page.header("content-security-policy"))
                    .contains("script-src 'sha256-")
                    .doesNotContain("unsafe");
            assertThat(page.http().bodyAsString())
                    .contains("fetch('/openapi.json')")
                    .doesNotContain("http://", "https://", "/*style*/", "/*script*/");
        }
    }

    /** What every other test of the gateway relies on. */
    @Test
    void an_answer_that_it_does_not_describe_fails_the_test_that_asked() {
        for (String body : List.of("{\"unread_count\":1,\"secret\":2}", "{}", "{\"unread_count\":\"1\"}", "{")) {
            assertThat(complaint(200, body)).contains("/api/notifications/unread-count answered 200");
        }
        assertThat(complaint(202, "{\"unread_count\":1}")).contains("does not list");
        assertThat(complaint(401, "{\"error\":{\"message\":\"no\",\"code\":\"http_error\",\"status\":401}}"))
                .contains("without WWW-Authenticate");
        assertThat(complaint(200, "{\"unread_count\":1}")).isEmpty();
    }

    private static String complaint(int status, String body) {
        HttpServer impostor = TestNode.await(gateway.node()
                .vertx()
                .createHttpServer()
                .requestHandler(request -> request.response()
                        .setStatusCode(status)
                        .putHeader("content-type", "application/json")
                        .putHeader("x-request-id", "1")
                        .end(body))
                .listen(0, "127.0.0.1"));
        try {
            TestNode.await(gateway.request(HttpMethod.GET, "/api/notifications/unread-count")
                    .port(impostor.actualPort())
                    .send());
            return "";
        } catch (AssertionError refused) {
            return refused.getMessage();
        } finally {
            TestNode.await(impostor.close());
        }
    }
}
