package io.waxwatch.benchmarks.gateway;

import io.waxwatch.benchmarks.BenchmarksMain;
import io.waxwatch.benchmarks.processes.Worker;

/** A process with a gateway and its database, for a comparison with another's. */
public final class GatewayServer {

    private GatewayServer() {}

    /** Answers an order to serve with the port and a token, or as many tokens of different collectors as the order says. */
    public static void main(String[] arguments) throws Exception {
        BenchmarksMain.quiet();
        BenchmarkTargets[] ladder = new BenchmarkTargets[1];
        try {
            Worker.serve(words -> {
                ladder[0] = BenchmarkTargets.startGatewayOnly();
                int collectors = words.length > 1 ? Integer.parseInt(words[1]) : 1;
                return ladder[0].ports().get(BenchmarkTargets.LOCAL) + " "
                        + String.join(" ", ladder[0].tokens(collectors));
            });
        } finally {
            if (ladder[0] != null) {
                ladder[0].close();
            }
        }
        System.exit(0);
    }
}
