package io.waxwatch.common.node;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.MultiMapConfig.ValueCollectionType;
import io.waxwatch.common.settings.Settings;
import io.waxwatch.common.settings.SettingsCatalog;

/** Hazelcast as we want it: named members or the headless service, never multicast; a dead node is gone in seconds, a lost one back in seconds. */
final class ClusterConfig {

    private ClusterConfig() {}

    static Config from(Settings settings) {
        // What Vert.x's own default-cluster.xml says of its maps is Hazelcast's default; reading XML costs a third of a
        // second.
        Config config = new Config();
        config.addMultiMapConfig(
                new MultiMapConfig("__vertx.subs").setBackupCount(1).setValueCollectionType(ValueCollectionType.SET));
        config.setClusterName(settings.get(SettingsCatalog.CLUSTER_NAME));
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        // A killed member is noticed by its closed connections, at once; this is for frozen ones. With 5 s, starved but
        // living
        // members suspected each other while a frozen master was being replaced, and the cluster fell to pieces.
        config.setProperty("hazelcast.max.no.heartbeat.seconds", "10");
        // A member that was frozen or starved for longer finds itself in a cluster of its own, where nobody serves it:
        // it comes
        // back within seconds, not after Hazelcast's five minutes.
        config.setProperty("hazelcast.merge.first.run.delay.seconds", "10");
        config.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
        // Two cores are enough for a map of a few dozen addresses.
        config.setProperty("hazelcast.operation.thread.count", "2");
        config.setProperty("hazelcast.operation.generic.thread.count", "2");
        config.setProperty("hazelcast.io.thread.count", "1");

        var network = config.getNetworkConfig();
        network.setPort(settings.get(SettingsCatalog.CLUSTER_PORT));
        int ports = settings.get(SettingsCatalog.CLUSTER_PORT_COUNT);
        network.setPortAutoIncrement(ports > 1).setPortCount(ports);
        // Else it listens on every address of the machine, whatever the interfaces below say.
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.getSerializationConfig().setJavaSerializationFilterConfig(serializationFilter());
        String host = settings.get(SettingsCatalog.CLUSTER_HOST);
        network.getInterfaces().setEnabled(true).addInterface(host);
        network.setPublicAddress(host);

        var join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        var kubernetes = settings.find(SettingsCatalog.CLUSTER_KUBERNETES_SERVICE_DNS);
        if (kubernetes.isPresent()) {
            join.getKubernetesConfig().setEnabled(true).setProperty("service-dns", kubernetes.get());
        } else {
            join.getTcpIpConfig().setEnabled(true);
            settings.get(SettingsCatalog.CLUSTER_MEMBERS).forEach(join.getTcpIpConfig()::addMember);
        }
        return config;
    }

    /**
     * What members may send each other as serialised Java objects: Hazelcast's own, those of Vert.x' cluster manager, and the plain
     * ones of the JDK. Anything else on the class path may do something when it is read, and is not read.
     */
    private static JavaSerializationFilterConfig serializationFilter() {
        var allowed = new ClassFilter()
                .addPrefixes(
                        "com.hazelcast.",
                        "io.vertx.spi.cluster.hazelcast.",
                        "java.lang.",
                        "java.util.",
                        "java.io.",
                        "java.math.",
                        "java.time.",
                        "[");
        return new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(allowed);
    }
}
