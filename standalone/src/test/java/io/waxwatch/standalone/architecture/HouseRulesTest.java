package io.waxwatch.standalone.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.waxwatch.common.bus.Bus;
import io.waxwatch.common.database.Database;
import io.waxwatch.common.database.Migrations;
import io.waxwatch.common.node.Node;
import io.waxwatch.common.settings.SettingsCatalog;
import io.waxwatch.common.telemetry.Metrics;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** What the compiler cannot say. Every exception is named here, with its reason. */
@AnalyzeClasses(packages = Modules.ROOT, importOptions = Modules.OnlyWhatShips.class)
final class HouseRulesTest {

    /** Run SQL though they are no stores. */
    private static final Set<String> SQL_BESIDE_STORES = Set.of(
            "io.waxwatch.common.database.Database",
            // Looks at the server before the pool is used.
            "io.waxwatch.common.database.ServerCheck",
            // Asks each connection's own server, and ends its session.
            "io.waxwatch.common.database.Demotion",
            // A schedule, a revision, a look, suppressed addresses: named after what they are, and the only writers of
            // their tables.
            "io.waxwatch.common.polls.PollSchedule",
            "io.waxwatch.common.watches.WatchRevisions",
            "io.waxwatch.common.watches.BackfillQueue",
            "io.waxwatch.common.outbox.SuppressedAddresses",
            // Read in bulk, and write nothing.
            "io.waxwatch.provider.matching.LiveIndex",
            "io.waxwatch.provider.polls.PollAdoption");

    /** May block: their callers are main threads, shutdown hooks or worker threads, never an event loop. */
    private static final DescribedPredicate<JavaClass> MAY_BLOCK = describe(
            "run off the event loop",
            type -> type.getPackageName().startsWith(Modules.STANDALONE)
                    || isOrIsInside(type, Migrations.class.getName())
                    || isOrIsInside(type, "io.waxwatch.common.database.SchemaServer")
                    || isOrIsInside(type, "io.waxwatch.common.database.MigrateMain")
                    // Its main thread waits for the work.
                    || isOrIsInside(type, "io.waxwatch.provider.discogs.accountlink.ReencryptMain")
                    // Only Migrations uses these two.
                    || isOrIsInside(type, "io.waxwatch.common.database.ReferenceDatabase")
                    || isOrIsInside(type, "io.waxwatch.common.database.SqlTrouble")
                    || isOrIsInside(type, "io.waxwatch.sandbox.SandboxMain")
                    // Blocks nobody: has the long page of metrics written on a worker thread.
                    || isOrIsInside(type, Metrics.class.getName())
                    // The main thread waits in it for the cluster, before there is an event loop.
                    || isOrIsInside(type, "io.waxwatch.common.node.Startup")
                    // Its shutdown hook waits for the ordered close.
                    || isOrIsInside(type, Node.class.getName()));

    @ArchTest
    static final ArchRule only_the_bus_touches_the_event_bus = noClasses()
            .that(areNot("the Bus", Set.of(Bus.class.getName())))
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(EventBus.class)
            .orShould()
            .callMethod(Vertx.class, "eventBus")
            .because("every address and every message is typed, in common.bus");

    @ArchTest
    static final ArchRule only_stores_run_sql = noClasses()
            .that(areNot("stores or listed", SQL_BESIDE_STORES))
            .and(describe(
                    "are no stores", type -> !outermost(type).getSimpleName().endsWith("Store")))
            .should()
            .callMethodWhere(target(owner(assignableTo(SqlClient.class)))
                    .and(target(nameMatching("query|preparedQuery|prepare"))))
            .orShould()
            .callMethodWhere(target(owner(assignableTo(SqlConnection.class)))
                    .and(target(nameMatching("query|preparedQuery|prepare"))))
            .orShould()
            .callMethodWhere(target(owner(assignableTo(Database.class))).and(target(nameMatching("query"))))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Query.class)
            .because("the statements that touch a table are found in one place");

    @ArchTest
    static final ArchRule only_settings_reads_the_environment = noClasses()
            .that()
            .resideOutsideOfPackage(Modules.COMMON + ".settings..")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static void every_setting_is_used_or_says_why_not(JavaClasses classes) {
        Set<String> used = classes.get(SettingsCatalog.class).getAllRawInterfaces().stream()
                .flatMap(group -> group.getFields().stream())
                .filter(field -> field.getAccessesToSelf().stream()
                        .anyMatch(access -> !access.getOriginOwner().equals(field.getOwner())))
                .map(JavaField::getName)
                .collect(Collectors.toSet());
        assertThat(SettingsCatalog.all())
                .allSatisfy(setting -> assertThat(used.contains(setting.name()))
                        .as(
                                setting.reservedBecause().isPresent()
                                        ? "reserved, so unused"
                                        : "used, or reserved with a reason")
                        .isEqualTo(setting.reservedBecause().isEmpty()));
    }

    @ArchTest
    static final ArchRule nothing_blocks_an_event_loop = noClasses()
            .that(DescribedPredicate.not(MAY_BLOCK))
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethodWhere(
                    target(owner(assignableTo(CompletableFuture.class))).and(target(nameMatching("join|get"))))
            .orShould()
            .callMethodWhere(target(owner(assignableTo(Future.class))).and(target(nameMatching("get"))))
            .orShould()
            .callMethodWhere(target(owner(assignableTo(CountDownLatch.class))).and(target(nameMatching("await"))))
            .orShould()
            .callMethodWhere(
                    target(owner(assignableTo(io.vertx.core.Future.class))).and(target(nameMatching("await"))))
            .orShould()
            .callMethodWhere(
                    target(nameMatching("executeBlocking|.*Blocking")).and(target(owner(assignableTo(Vertx.class)))))
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..");

    @ArchTest
    static final ArchRule nothing_reaches_behind_an_api = noClasses()
            // Vert.x hands Netty's own exceptions out through HttpServerRequest.decoderResult(): there is no other
            // way to tell a line that is too long from a header that is. And a connection that has not sent its first
            // head is known to nobody above Netty; the transport that lets one look is an interface of Vert.x. What is
            // wrong with the framing of a request has to be seen before the server has interpreted it.
            // WebClient.addInterceptor is the only way to a request that
            // must be reset, and takes a type of its impl package. A statement that PostgreSQL leaves unanswered has no
            // bound in the SQL client, and a connection of its pool no end but the pool's.
            .that(areNot(
                    "the reader of decoder results, below the HTTP server, the interceptor of the web client, or the watch over"
                            + " PostgreSQL's answers",
                    Set.of(
                            "io.waxwatch.common.database.AnswerWatch",
                            "io.waxwatch.common.outbound.Exchange",
                            "io.waxwatch.gateway.http.ErrorResponses",
                            "io.waxwatch.gateway.http.FramingGuard",
                            "io.waxwatch.common.node.FirstRequestTimeoutTransport",
                            "io.waxwatch.common.node.FirstRequestTimeout")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..impl..", "io.vertx..internal..", "io.netty..", "sun..", "com.sun..");

    @ArchTest
    static final ArchRule static_fields_are_constants = fields().that()
            .areStatic()
            .should()
            .beFinal()
            .because("state belongs to objects whose lifecycle somebody owns");

    @ArchTest
    static final ArchRule no_static_field_holds_something_that_changes = noFields()
            .that()
            .areStatic()
            .should()
            .haveRawType(describe(
                    "that is made to change",
                    type -> type.isAssignableTo(AtomicInteger.class)
                            || type.isAssignableTo(AtomicLong.class)
                            || type.isAssignableTo(AtomicBoolean.class)
                            || type.isAssignableTo(AtomicReference.class)
                            || type.isAssignableTo(Thread.class)
                            || type.isAssignableTo(Vertx.class)
                            || (!type.isInterface()
                                    && (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class)))));

    @ArchTest
    static final ArchRule one_logging_road = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.apache.commons.logging..", "org.apache.log4j..");

    private static DescribedPredicate<JavaClass> areNot(String name, Set<String> classes) {
        return describe(
                "are not " + name, type -> !classes.contains(outermost(type).getName()));
    }

    private static boolean isOrIsInside(JavaClass type, String name) {
        return outermost(type).getName().equals(name);
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(HouseRulesTest::outermost).orElse(type);
    }
}
