package io.waxwatch.common.settings;

import static io.waxwatch.common.settings.Setting.optional;
import static io.waxwatch.common.settings.Setting.withDefault;
import static io.waxwatch.common.settings.SettingType.integer;
import static io.waxwatch.common.settings.SettingType.list;
import static io.waxwatch.common.settings.SettingType.listenPort;
import static io.waxwatch.common.settings.SettingType.pemFile;
import static io.waxwatch.common.settings.SettingType.text;

import java.nio.file.Path;
import java.util.List;

/** The settings of the cluster and its event bus: constants that {@link SettingsCatalog} inherits. */
interface ClusterSettings {

    Setting<String> CLUSTER_NAME = withDefault(
                    SettingGroup.CLUSTER,
                    "CLUSTER_NAME",
                    text(100),
                    "waxwatch",
                    "Nodes join only nodes with the same cluster name.")
            .build();

    Setting<String> CLUSTER_HOST = withDefault(
                    SettingGroup.CLUSTER,
                    "CLUSTER_HOST",
                    text(253),
                    "127.0.0.1",
                    "Address that this node listens on and that the others reach it at.")
            .build();

    Setting<Integer> CLUSTER_PORT = withDefault(
                    SettingGroup.CLUSTER,
                    "CLUSTER_PORT",
                    listenPort(),
                    "5701",
                    "Port of the cluster membership protocol; 0 takes a free one, which other nodes can only "
                            + "find if this one joins them.")
            .build();

    Setting<Integer> CLUSTER_PORT_COUNT = withDefault(
                    SettingGroup.CLUSTER,
                    "CLUSTER_PORT_COUNT",
                    integer(1, 100),
                    "1",
                    "How many ports, from CLUSTER_PORT on, are tried until one is free: for several nodes on one address, whose "
                            + "CLUSTER_MEMBERS then name all of these ports.")
            .build();

    Setting<List<String>> CLUSTER_MEMBERS = withDefault(
                    SettingGroup.CLUSTER,
                    "CLUSTER_MEMBERS",
                    list(),
                    "[]",
                    "host:port of the nodes to join, as a list; multicast is never used.")
            .build();

    Setting<String> CLUSTER_KUBERNETES_SERVICE_DNS = optional(
                    SettingGroup.CLUSTER,
                    "CLUSTER_KUBERNETES_SERVICE_DNS",
                    text(253),
                    "Headless service whose DNS name lists the nodes to join; replaces CLUSTER_MEMBERS.")
            .build();

    Setting<Integer> EVENT_BUS_PORT = withDefault(
                    SettingGroup.CLUSTER,
                    "EVENT_BUS_PORT",
                    listenPort(),
                    "0",
                    "Port of the event bus on CLUSTER_HOST; 0 takes a free one.")
            .build();

    Setting<Path> CLUSTER_TLS_CERT_FILE = optional(
                    SettingGroup.CLUSTER,
                    "CLUSTER_TLS_CERT_FILE",
                    pemFile("CERTIFICATE"),
                    "PEM file of this node's certificate: the event bus is then encrypted, and both ends prove who they are. With the "
                            + "other two CLUSTER_TLS_ settings, and on all nodes.")
            .build();

    Setting<Path> CLUSTER_TLS_KEY_FILE = optional(
                    SettingGroup.CLUSTER,
                    "CLUSTER_TLS_KEY_FILE",
                    pemFile("PRIVATE KEY"),
                    "PEM file of that certificate's private key.")
            .build();

    Setting<Path> CLUSTER_TLS_CA_FILE = optional(
                    SettingGroup.CLUSTER,
                    "CLUSTER_TLS_CA_FILE",
                    pemFile("CERTIFICATE"),
                    "PEM file of the authorities whose certificates the event bus accepts, whatever name is in them: one that "
                            + "signs for nobody else.")
            .build();
}
