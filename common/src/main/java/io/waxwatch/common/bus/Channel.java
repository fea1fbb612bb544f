package io.waxwatch.common.bus;

/** News for everyone who listens; nobody answers. */
public record Channel<E extends Wire>(String address) {}
