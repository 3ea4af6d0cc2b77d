// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/**
 * Debian with {@code --nic user}, and beside it on QEMU with its user networking: its own DHCP client, apt from a mirror on this host's
 * loopback, a shell by ssh, and a gibibyte each way. Two boots of minutes each: the full lane's.
 */
@FullLane
class UserNetworkTest {
  private static final Duration BOOT = Duration.ofMinutes(8);
  private static final Duration COMMAND = Duration.ofMinutes(4);
  private static final Duration TRANSFER = Duration.ofMinutes(15);
  private static final int KEYS = 61;
  private static final String SIZE = System.getProperty("xenolith.iperf", "1G");
  private static final long MEBIBYTE = 1 << 20;
  private static final long ROOT_START = 65 * MEBIBYTE;
  /** Debian's own client of DHCP; says whether the guest has the address that people know. */
  private static final String NETWORK = "printf '[Match]\\nName=e*\\n[Network]\\nDHCP=yes\\n' >/etc/systemd/network/n.network; "
      + "systemctl start systemd-networkd; for i in $(seq 60); do ip addr | grep -q 10.0.2.15/24 && break; sleep 1; done; "
      + "ip -4 -o addr | grep -c 10.0.2.15/24";
  private static final String[] PACKAGES = {"cowsay", "iperf3", "dropbear-bin", "wget"};

  @TempDir
  private static Path folder;

  /** Host seconds of a gibibyte in each direction. */
  private record Seconds(double out, double in) {}

  private static int freePort() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return server.getLocalPort();
    }
  }

  @Test
  void debianInstallsIsLoggedInToAndTransfersAsFastAsOnQemu() throws Exception {
    Path mirror = mirror();
    fetched("releng/test-tools", List.of("iperf3", "ssh", "ssh-keygen", "qemu-system-aarch64", "debugfs"));
    int http = freePort();
    int iperf = freePort();
    TestTools.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.resolve("key")).expect(0);
    Path disk = DebianDisk.in(folder);
    kernel(disk);
    try (Program web = web(mirror, http); Program server = TestTools.start("iperf3", "-s", "--forceflush", "-B", "127.0.0.1", "-p",
        iperf)) {
      web.awaitOutput("127.0.0.1", COMMAND);
      server.awaitOutput("listening", COMMAND);
      int ours = freePort();
      Seconds here;
      try (Program machine = Product.startWithInput("boot", "--stdin", "--kernel", folder.resolve("vmlinuz"), "--initrd", folder.resolve(
          "initrd.img"), "--append", "root=LABEL=root ro", "--memory", "1G", "--disk", disk, "--nic",
          "user,host=on,forward=tcp:127.0.0.1:" + ours + ":22")) {
        here = judge(machine, "here", http, iperf, ours);
      }
      int theirs = freePort();
      Path copy = Files.copy(disk, folder.resolve("qemu.img"));
      try (Program machine = TestTools.startWithInput("qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a57", "-m", "1G",
          "-nographic", "-kernel", folder.resolve("vmlinuz"), "-initrd", folder.resolve("initrd.img"), "-append",
          "root=LABEL=root ro console=ttyAMA0", "-drive", "if=none,id=d,format=raw,file=" + copy, "-device", "virtio-blk-device,drive=d",
          "-netdev", "user,id=n,hostfwd=tcp:127.0.0.1:" + theirs + "-:22", "-device", "virtio-net-pci,netdev=n")) {
        Seconds there = judge(machine, "QEMU", http, iperf, theirs);
        System.out.printf(Locale.ROOT, "user network, %s each way: out %.1f s (QEMU %.1f), in %.1f s (QEMU %.1f)%n", SIZE, here.out,
            there.out, here.in, there.in);
        assertTrue(here.out <= 1.5 * there.out && here.in <= 1.5 * there.in, "at most half as long again as QEMU: " + here + ", " + there);
      }
    }
  }

  @Test
  void aReplayWithoutANetworkEndsTheSame() throws Exception {
    Path mirror = mirror();
    int http = freePort();
    Path disk = DebianDisk.in(folder);
    kernel(disk);
    Path journal = folder.resolve("journal");
    Boot recorded;
    try (Program web = web(mirror, http);
        Boot.Started boot = Boot.startWithInput(folder, "recorded", "--kernel", folder.resolve("vmlinuz"), "--initrd", folder.resolve(
            "initrd.img"), "--append", "root=LABEL=root ro", "--memory", "1G", "--disk", disk, "--nic", "user,host=on", "--record",
            journal)) {
      web.awaitOutput("127.0.0.1", COMMAND);
      Program machine = boot.program();
      logIn(machine);
      says(machine, NETWORK, "1");
      says(machine, "exec 3<>/dev/tcp/10.0.2.2/" + http + "; printf 'GET /Packages HTTP/1.0\\r\\n\\r\\n' >&3; grep -c ^Package: <&3",
          String.valueOf(Files.readString(mirror.resolve("Packages")).lines().filter(line -> line.startsWith("Package:")).count()));
      machine.type("poweroff\n");
      recorded = boot.await(0);
    }
    Boot replayed = Boot.run(folder, "replayed", 0, "--replay", journal);
    assertEquals(recorded.report().digest(), replayed.report().digest());
  }

  private static Program web(Path mirror, int port) {
    return Program.start(new ProcessBuilder(System.getProperty("java.home") + "/bin/jwebserver", "-b", "127.0.0.1", "-p", String.valueOf(
        port), "-d", mirror.toString()));
  }

  private static Path mirror() throws InterruptedException {
    return fetched("releng/test-mirror", Stream.concat(Stream.of("arm64"), Stream.of(PACKAGES)).toList());
  }

  /** What a script of the checkout fetches, and prints the folder of. */
  private static Path fetched(String script, List<String> words) throws InterruptedException {
    List<String> line = new ArrayList<>(List.of(Product.root().resolve(script).toString()));
    line.addAll(words);
    try (Program program = Program.start(new ProcessBuilder(line).redirectInput(new File("/dev/null")))) {
      return Path.of(program.await(Duration.ofMinutes(10)).expect(0).out().strip());
    }
  }

  /** The disk's kernel and first root file system, as files. */
  private static void kernel(Path disk) throws Exception {
    if (Files.exists(folder.resolve("initrd.img"))) {
      return;
    }
    Path root = folder.resolve("root");
    try (var in = Files.newInputStream(disk); var out = Files.newOutputStream(root)) {
      in.skipNBytes(ROOT_START);
      in.transferTo(out);
    }
    for (String file : List.of("vmlinuz", "initrd.img")) {
      Outcome link = TestTools.run("debugfs", "-R", "stat /" + file, root).expect(0);
      String target = link.out().replaceAll("(?s).*Fast link dest: \"([^\"]*)\".*", "$1");
      TestTools.run("debugfs", "-R", "dump /" + target + " " + folder.resolve(file), root).expect(0);
    }
    Files.delete(root);
  }

  private static Seconds judge(Program system, String whose, int http, int iperf, int ssh) throws Exception {
    logIn(system);
    says(system, NETWORK, "1");
    says(system, "ip route | grep -c 'default via 10.0.2.2'", "1");
    says(system, "rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*; echo 'deb [trusted=yes] http://10.0.2.2:" + http
        + "/ /' >/etc/apt/sources.list; apt-get -q update >/tmp/update 2>&1; echo $?", "0");
    says(system, "DEBIAN_FRONTEND=noninteractive apt-get -qq -y install " + String.join(" ", PACKAGES) + " >/tmp/install 2>&1; echo $?",
        "0",
        TRANSFER);
    says(system, "/usr/games/cowsay moo | grep -c '< moo >'", "1");
    says(system, "wget -q -O - http://10.0.2.2:" + http + "/Packages | sha256sum | cut -c 1-64", TestTools.run("sha256sum", mirror()
        .resolve("Packages")).expect(0).out().substring(0, 64));
    says(system, "mkdir -p -m 700 /root/.ssh /etc/dropbear; echo '" + Files.readString(folder.resolve("key.pub")).strip()
        + "' >/root/.ssh/authorized_keys; dropbear -R -p 22; echo $?", "0");
    Outcome shell = TestTools.run("ssh", "-i", folder.resolve("key"), "-p", ssh, "-o", "StrictHostKeyChecking=no", "-o",
        "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes", "-o", "ConnectTimeout=120", "root@127.0.0.1", "hostname").expect(0);
    assertEquals("debian", shell.out().strip());
    System.out.printf(Locale.ROOT, "user network %s: echo of a key by ssh %.1f ms median of %d%n", whose, echo(ssh), KEYS);
    says(system, "iperf3 -c 10.0.2.2 -p " + iperf + " -n 1M >/dev/null; echo $?", "0");
    double out = seconds(() -> says(system, "iperf3 -c 10.0.2.2 -p " + iperf + " -n " + SIZE + " >/tmp/out; echo $?", "0", TRANSFER));
    double in = seconds(() -> says(system, "iperf3 -R -c 10.0.2.2 -p " + iperf + " -n " + SIZE + " >/tmp/in; echo $?", "0", TRANSFER));
    System.out.printf(Locale.ROOT, "user network %s: out %.1f s, in %.1f s%n", whose, out, in);
    says(system, "awk '/^Tcp:/{n=$13} END{print n}' /proc/net/snmp", whose.equals("here") ? "0" : "[0-9]+");
    return new Seconds(out, in);
  }

  /** Milliseconds from a key that is typed into a shell by ssh until the guest's terminal has echoed it: the median of {@link #KEYS}. */
  private static double echo(int port) throws Exception {
    Process shell = new ProcessBuilder(TestTools.find("ssh").toString(), "-tt", "-i", folder.resolve("key").toString(), "-p", String
        .valueOf(port), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes", "root@127.0.0.1",
        "echo READY; exec cat > /dev/null").redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      InputStream out = shell.getInputStream();
      for (String seen = ""; !seen.contains("READY");) {
        int next = out.read();
        assertTrue(next >= 0, () -> "ssh ended: " + shell);
        seen += (char) next;
      }
      double[] times = new double[KEYS];
      for (int i = 0; i < KEYS; i++) {
        // As people type: not as soon as there is an echo.
        Thread.sleep(100);
        while (out.available() > 0) {
          out.read();
        }
        long begin = System.nanoTime();
        shell.getOutputStream().write('a' + i % 26);
        shell.getOutputStream().flush();
        assertEquals('a' + i % 26, out.read());
        times[i] = (System.nanoTime() - begin) / 1e6;
      }
      Arrays.sort(times);
      return times[KEYS / 2];
    } finally {
      shell.destroyForcibly();
    }
  }

  private static void logIn(Program system) throws InterruptedException {
    system.awaitOutput("debian login: ", BOOT);
    system.type("root\n");
    system.awaitOutput("root@debian:~# ", COMMAND);
  }

  private interface Work {
    void done() throws Exception;
  }

  private static double seconds(Work work) throws Exception {
    long begin = System.nanoTime();
    work.done();
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void says(Program system, String command, String regex) throws InterruptedException {
    says(system, command, regex, COMMAND);
  }

  private static int said;

  /** What a command says on one line; what is typed has no such line. */
  private static void says(Program system, String command, String regex, Duration most) throws InterruptedException {
    int number = ++said;
    system.type("echo \"SAYS-" + number + "-$(" + command + ")-END\"\n");
    String answer = system.awaitOutput("SAYS-" + number + "-([^$][^\\n]*)-END", most).group(1);
    assertTrue(answer.matches(regex), command + ": " + answer);
  }
}
