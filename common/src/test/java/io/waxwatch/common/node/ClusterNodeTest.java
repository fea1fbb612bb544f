package io.waxwatch.common.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.waxwatch.common.bus.BusMessage.ProvidersAsked;
import io.waxwatch.common.bus.BusMessage.ProvidersTold;
import io.waxwatch.common.bus.Topics;
import io.waxwatch.common.settings.Role;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.testing.TestCertificates;
import io.waxwatch.common.testing.TestNode;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may speak with a node of the cluster, and where. */
class ClusterNodeTest {

    private static final ProvidersAsked QUESTION = new ProvidersAsked("r1");
    private static final ProvidersTold ANSWER = new ProvidersTold(List.of());

    @TempDir
    Path folder;

    private final String cluster = "waxwatch-test-" + UUID.randomUUID();
    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(node -> TestNode.await(node.close()));
    }

    private record Ports(int cluster, int bus) {
        static Ports free() {
            return new Ports(freePort(), freePort());
        }
    }

    /** @param members ports on which to look for others */
    private Node node(Ports ports, List<Integer> members, Map<String, String> more) {
        var environment = new HashMap<>(Map.of(
                "DATABASE_URL",
                "postgresql://u@localhost/none",
                "CLUSTER_NAME",
                cluster,
                "CLUSTER_HOST",
                "127.0.0.1",
                "CLUSTER_PORT",
                Integer.toString(ports.cluster()),
                "CLUSTER_MEMBERS",
                String.join(
                        ",", members.stream().map(port -> "127.0.0.1:" + port).toList()),
                "EVENT_BUS_PORT",
                Integer.toString(ports.bus())));
        environment.putAll(more);
        Node node = TestNode.await(Node.clustered("test", Settings.load(environment, Role.SCHEDULER), Startup.once()));
        nodes.add(node);
        return node;
    }

    private static Map<String, String> tls(TestCertificates.Pair mine, Path trusted) {
        return Map.of(
                "CLUSTER_TLS_CERT_FILE", mine.certificate().toString(),
                "CLUSTER_TLS_KEY_FILE", mine.key().toString(),
                "CLUSTER_TLS_CA_FILE", trusted.toString());
    }

    private static Future<ProvidersTold> asked(Node asker) {
        return asker.bus().ask(Topics.PROVIDERS, QUESTION);
    }

    private static void serve(Node node, AtomicInteger heard) {
        TestNode.await(node.bus().serve(Topics.PROVIDERS, (ProvidersAsked asked) -> {
            heard.incrementAndGet();
            return Future.succeededFuture(ANSWER);
        }));
    }

    @Test
    void listens_on_the_address_that_is_named_and_on_no_other() throws IOException {
        Ports ports = Ports.free();
        node(ports, List.of(), Map.of());

        for (int port : List.of(ports.cluster(), ports.bus())) {
            connect("127.0.0.1", port);
            // Another address of the same machine; where it has none, nobody listens there either.
            assertThatThrownBy(() -> connect("127.0.0.2", port)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void members_that_share_an_authority_speak_over_an_encrypted_bus_and_strangers_do_not() {
        var certificates = new TestCertificates(folder);
        var one = certificates.loopback();
        var two = certificates.otherHost();
        Ports ports = Ports.free();
        var heard = new AtomicInteger();
        serve(node(ports, List.of(), tls(one, one.authority())), heard);

        Node friend = node(Ports.free(), List.of(ports.cluster()), tls(two, one.authority()));
        assertThat(TestNode.await(asked(friend))).isEqualTo(ANSWER);
        assertThat(heard).hasValue(1);

        // Without a certificate: a server that asks for one ends the connection, at the latest at the first byte.
        var vertx = friend.vertx();
        var anonymous = vertx.createNetClient(new NetClientOptions()
                .setSsl(true)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(one.authority().toString())));
        var ended = new AtomicInteger();
        anonymous
                .connect(ports.bus(), "127.0.0.1")
                .onComplete(
                        socket -> {
                            socket.closeHandler(closed -> ended.incrementAndGet());
                            socket.write(Buffer.buffer("hello"));
                        },
                        refused -> ended.incrementAndGet());
        TestNode.eventually("refused without a certificate", 60_000, () -> ended.get() == 1);
    }

    @Test
    void a_member_that_trusts_another_authority_is_not_spoken_with() throws IOException {
        var ours = new TestCertificates(folder).loopback();
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        var theirs = new TestCertificates(elsewhere).loopback();
        Ports ports = Ports.free();
        var heard = new AtomicInteger();
        serve(node(ports, List.of(), tls(ours, ours.authority())), heard);

        Node stranger = node(Ports.free(), List.of(ports.cluster()), tls(theirs, theirs.authority()));

        assertThat(TestNode.await(asked(stranger).map(true).otherwise(false))).isFalse();
        assertThat(heard).hasValue(0);
    }

    /** Does no harm, and tells that it was read. */
    private static final class Harmless implements Callable<String>, Serializable {
        private static final AtomicInteger READ = new AtomicInteger();

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            READ.incrementAndGet();
        }

        @Override
        public String call() {
            return "called";
        }
    }

    @Test
    void no_member_makes_another_one_read_an_object_of_any_class() throws Exception {
        Ports ports = Ports.free();
        node(ports, List.of(), Map.of());
        var config = new Config().setClusterName(cluster);
        config.setProperty("hazelcast.logging.type", "slf4j").setProperty("hazelcast.phone.home.enabled", "false");
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().setPort(freePort());
        var join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + ports.cluster());
        HazelcastInstance stranger = Hazelcast.newHazelcastInstance(config);
        try {
            var other = stranger.getCluster().getMembers().stream()
                    .filter(member -> !member.localMember())
                    .findFirst()
                    .orElseThrow();

            var called = stranger.getExecutorService("any").submitToMember(new Harmless(), other);

            assertThatThrownBy(() -> called.get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasStackTraceContaining("is not allowed");
            assertThat(Harmless.READ).hasValue(0);
        } finally {
            stranger.shutdown();
        }
    }

    @Test
    void members_on_one_address_share_a_range_of_ports_and_find_each_other_when_all_founders_are_gone() {
        // A free one with free ones behind it, most likely; one that is taken is passed over.
        int first = freePort();
        List<Integer> range = List.of(first, first + 1, first + 2, first + 3, first + 4);
        Map<String, String> count = Map.of("CLUSTER_PORT_COUNT", Integer.toString(range.size()));
        var heard = new AtomicInteger();
        Node founder = node(new Ports(first, 0), range, count);
        Node second = node(new Ports(first, 0), range, count);
        TestNode.await(founder.close());
        Node third = node(new Ports(first, 0), range, count);
        TestNode.await(second.close());

        serve(third, heard);
        Node fourth = node(new Ports(first, 0), range, count);

        assertThat(TestNode.await(asked(fourth))).isEqualTo(ANSWER);
        assertThat(heard).hasValue(1);
    }

    private static void connect(String host, int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 5_000);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
