package io.waxwatch.common.bus;

/** News for everyone who listens; nobody answers. */
public record EventTopic<E extends BusMessage>(String address) {}
