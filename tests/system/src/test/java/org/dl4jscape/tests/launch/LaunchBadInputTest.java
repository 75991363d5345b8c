package org.dl4jscape.tests.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input of the launcher: one sentence with the remedy, status 2, nothing is started. */
class LaunchBadInputTest {
    private static void assertRefused(Launcher launcher, String sentence) throws Exception {
        assertEquals(2, launcher.status(), launcher.errors());
        assertTrue(launcher.errors().contains(sentence), launcher.errors());
        assertEquals(1, launcher.errors().lines().count(), launcher.errors());
        assertEquals(0, launcher.lines().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --nproc-per-node 0 -- true | --nproc-per-node 0 (expected: >= 1)
        --nproc-per-node two -- true | Invalid value for option '--nproc-per-node'
        --nnodes 0 -- true | --nnodes 0 (expected: >= 1)
        --nnodes 2 -- true | --rendezvous is missing (expected with --nnodes 2: HOST:PORT of node 0)
        --nnodes 2 --rendezvous 127.0.0.1 -- true | --rendezvous=127.0.0.1 (expected: HOST:PORT, port 0 to 65535)
        --nnodes 2 --rendezvous 127.0.0.1:0 -- true | --rendezvous 127.0.0.1:0 (expected: a port from 1 on
        --nnodes 2 --rendezvous a:70000 -- true | --rendezvous=a:70000 (expected: HOST:PORT
        --node-rank 1 -- true | --node-rank 1 (expected: 0 to 0, since --nnodes is 1)
        --max-restarts -1 -- true | --max-restarts -1 (expected: >= 0)
        --timeout 0 -- true | --timeout 0 (expected: >= 1)
        --ranks 2 -- true | Unknown option: '--ranks'
        --nproc-per-node 2 | Missing required parameter: 'COMMAND'
        -- no-such-program-anywhere | COMMAND no-such-program-anywhere cannot be run (there is no such program on the PATH)
        -- /no/such/file | COMMAND /no/such/file cannot be run (there is no such file)
        -- / | COMMAND / cannot be run (it is no executable file)
        --rendezvous no-such-host.invalid:1 -- true | --rendezvous no-such-host.invalid:1 cannot be listened on here
        """)
    void shouldRefuse(String arguments, String sentence) throws Exception {
        assertRefused(Launcher.start(arguments.trim().split(" ")), sentence);
    }

    @Test
    void shouldRefuseAPortThatIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String meeting = "127.0.0.1:" + taken.getLocalPort();
            assertRefused(
                    Launcher.start("--rendezvous", meeting, "--", "true"),
                    "--rendezvous " + meeting + " cannot be listened on here");
        }
    }

    @Test
    void shouldRefuseALauncherWithOtherNumbers() throws Exception {
        String meeting = Launcher.freeMeeting();
        Launcher first = Launcher.start("--nnodes", "2", "--rendezvous", meeting, "--", "true");
        assertRefused(
                Launcher.start("--nnodes", "3", "--node-rank", "2", "--rendezvous", meeting, "--", "true"),
                "--nnodes 3 --nproc-per-node 1 at node 2 (expected: --nnodes 2 --nproc-per-node 1, as node 0 has"
                        + " them)");
        assertRefused(
                Launcher.start(
                        "--nnodes",
                        "2",
                        "--nproc-per-node",
                        "4",
                        "--node-rank",
                        "1",
                        "--rendezvous",
                        meeting,
                        "--",
                        "true"),
                "--nproc-per-node 4 at node 1 (expected: --nnodes 2 --nproc-per-node 1");
        Launcher second = Launcher.start("--nnodes", "2", "--node-rank", "1", "--rendezvous", meeting, "--", "true");
        assertEquals(0, second.status(), second.errors());
        assertEquals(0, first.status(), first.errors());
    }

    @Test
    void shouldRefuseAProgramThatNobodyLaunched() {
        var missing = org.junit.jupiter.api.Assertions.assertThrows(
                IllegalStateException.class, org.dl4jscape.dl4j.launch.ProcessRank::fromEnvironment);
        assertTrue(String.valueOf(missing.getMessage()).contains("SCAPE_RANK is not set (expected: by scape-launch)"));
    }
}
