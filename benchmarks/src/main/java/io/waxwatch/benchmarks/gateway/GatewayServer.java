package io.waxwatch.benchmarks.gateway;

import io.waxwatch.benchmarks.BenchmarksMain;
import io.waxwatch.benchmarks.processes.Worker;

/** A process with a gateway and its database, for a comparison with another's. */
final class GatewayServer {

    private GatewayServer() {}

    /** Answers an order to serve with the port and a token. */
    public static void main(String[] arguments) throws Exception {
        BenchmarksMain.quiet();
        BenchmarkTargets[] ladder = new BenchmarkTargets[1];
        try {
            Worker.serve(words -> {
                ladder[0] = BenchmarkTargets.startGatewayOnly();
                return ladder[0].ports().get(BenchmarkTargets.LOCAL) + " " + ladder[0].token();
            });
        } finally {
            if (ladder[0] != null) {
                ladder[0].close();
            }
        }
        System.exit(0);
    }
}
