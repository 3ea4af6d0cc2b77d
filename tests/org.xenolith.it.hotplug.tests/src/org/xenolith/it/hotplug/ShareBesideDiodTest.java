// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** One Debian guest mounts our folder and diod's, by a network card, and does the same in both, git and locks among it: same answers, same trees. */
@FullLane
@Timeout(3600)
class ShareBesideDiodTest {
  private static final int FILES = 10_000;
  /** That git looks through whole, too. */
  private static final int FEW = 1_000;
  private static final String GIT =
      "HOME=/tmp GIT_AUTHOR_DATE=@1750000000 GIT_COMMITTER_DATE=@1750000000 git -c safe.directory='*' -c user.name=a"
          + " -c user.email=a@b -c init.defaultBranch=main -c gc.auto=0";
  /** By fcntl, as programs that ask for a part of a file do: tells whether it has the lock, and holds it until it is ended. */
  private static final String PERL = """
      use Fcntl; open F, "+<", $ARGV[0] or die "open: $!"; $| = 1; \
      $l = pack("s s x4 q q i x4", F_WRLCK, 0, $ARGV[1], $ARGV[2], 0); \
      print fcntl(F, F_SETLK, $l) ? "locked\\n" : "refused $!\\n"; sleep $ARGV[3];
      """;
  private static final List<String> COMMANDS = List.of(
      "mkdir -p d/e; echo one > d/e/f; cat d/e/f; mv d/e/f d/g; ls d d/e; rmdir d 2>&1; echo $?",
      "ln -s d/g l; readlink l; cat l; ln d/g h; stat -c '%h %s %F' h; chmod 640 h; stat -c %a d/g; rm d/g; stat -c %h h",
      "echo two >> h; cat h; truncate -s 3 h; cat h; truncate -s 100000 h; md5sum < h; touch -d '2020-01-02 03:04:05' h; stat -c %Y h",
      "cat missing 2>&1; mkdir d 2>&1; rm d 2>&1; cat d 2>&1; cp /bin/busybox big; md5sum < big; dd if=big bs=1000 skip=77 count=1 2>/dev/null | md5sum",
      "i=0; while [ $i -lt 100 ]; do : > n$i; i=$((i+1)); done; ls | wc -l; rm n*; ls",
      "echo x > lock; (flock 9; sleep 5; echo first) 9<> lock & sleep 1; flock -n lock echo second; echo busy $?; wait; flock -n lock echo third",
      "(flock -s 9; sleep 5; echo shared) 9< lock & sleep 1; flock -s -n lock echo too; flock -n lock echo alone; echo $?; wait",
      "perl /tmp/lock lock 0 10 5 & sleep 1; perl /tmp/lock lock 5 10 0; wait; perl /tmp/lock lock 5 10 0",
      "rm lock; echo ok");
  /** A program that locks by flock(2) itself and has no children: at each close of a file that a child has, too, Linux' client gives the lock back. */
  private static final String FLOCK = "open F, $ARGV[0], $ARGV[1] or die; flock F, $ARGV[2] or die; sleep $ARGV[3];";
  /**
   * Four files, locked shared and alone, open to be read and to be written; then what is had of them by a second mount of the folder, PLACE2, by files open in
   * both ways; and when they are free.
   */
  private static final String FLOCKS =
      "cd PLACE; for f in 0 1 2 3; do echo x > m$f; done; perl /tmp/flock '<' m0 1 8 & perl /tmp/flock '<' m1 2 8 &"
          + " perl /tmp/flock '+<' m2 1 8 & perl /tmp/flock '+<' m3 2 8 & sleep 3; for f in 0 1 2 3; do for k in -s -x; do"
          + " (flock $k -n 8 && echo $f $k read) 8< PLACE2/m$f; (flock $k -n 8 && echo $f $k write) 8<> PLACE2/m$f; done; done; wait;"
          + " for f in 0 1 2 3; do flock -n PLACE2/m$f echo free $f; done; rm m?";
  /** As scripts do it: who locks ends before who has the file open. */
  private static final String INHERITED =
      "cd PLACE; echo x > m; (flock 9; sleep 4) 9< m & sleep 2; flock -n m echo one mount; flock -n PLACE2/m echo two mounts; wait; rm m";

  @TempDir
  private Path outer;

  private GuestMachine launch(Path ours) throws IOException {
    GuestImage debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst()
        .orElseThrow().obtain(System.out::println, GuestRequest.PLAIN.withModule("9p").withModule("9pnet_virtio").withModule("9pnet_fd")
            .withModule("virtio_mmio").withModule("virtio_net").withPackage("git").withPackage("util-linux").withPackage("perl-base"));
    Path kernel = Files.write(outer.resolve("kernel"), debian.kernel());
    Path ramdisk = Files.write(outer.resolve("ramdisk"), debian.initrd().orElseThrow());
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(RequestBuilder.of("virt").memory(1L << 30).kernel(kernel).initrd(
        ramdisk).append("console=ttyAMA0 quiet xl.shell").option("nic", "user,host=on").option("share", List.of(ours + ",tag=ours", ours
            + ",tag=again", ours + ",readonly,tag=fixed")).build(), text -> {}, (kind, place, text) -> {});
    GuestMachine guest = GuestMachine.of(launch);
    launch.connect(text -> {});
    guest.runUntil(ShellGuest.PROMPT);
    return guest;
  }

  /** What a command says in a shell of its own: where that goes, the prompt stays. */
  private static String does(GuestMachine guest, String command) {
    return guest.command("( " + command + " )").replaceAll("\\[\\d+\\][^\\n]*\\n", "").replace("\r", "").strip();
  }

  private static void mounted(GuestMachine guest, String options, String source, String place) {
    assertEquals("0", does(guest, "mkdir -p " + place + "; mount -t 9p -o version=9p2000.L," + options + " " + source + " " + place
        + "; echo $?"), guest.events());
  }

  /** @return host's and the guest's seconds of a command, and what it said */
  private static String timed(GuestMachine guest, String name, String command) {
    long began = System.nanoTime();
    long virtual = guest.machine().now();
    String said = does(guest, command);
    System.out.println(String.format(Locale.ROOT, "ShareBesideDiodTest: %s: %.1f s of the host's, %.1f s of the guest's", name, (System
        .nanoTime() - began) / 1e9, (guest.machine().now() - virtual) / 1e9));
    return said;
  }

  /** Relative names with kind, size and content of what lies there, without git's own files. */
  private static Map<String, String> tree(Path folder) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(each -> !each.toString().contains("/.git")).toList()) {
        all.put(folder.relativize(file).toString(), Files.isSymbolicLink(file) ? "link " + Files.readSymbolicLink(file)
            : Files.isDirectory(file) ? "folder" : Files.size(file) + " " + Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return all;
  }

  private static void fill(Path folder, int files) throws IOException {
    for (int i = 0; i < files; i++) {
      Path place = folder.resolve(Integer.toString(i % 100));
      Files.createDirectories(place);
      Files.writeString(place.resolve("file" + i), "content " + i + "\n");
    }
  }

  private static void git(GuestMachine guest, String place, int files) {
    String git = "cd " + place + "; " + GIT + " ";
    String what = place + ", " + files + " files: git ";
    timed(guest, what + "add", git + "init -q; " + git + "add .");
    assertEquals("", timed(guest, what + "commit", git + "commit -q -m all"));
    assertEquals("", timed(guest, what + "status", git + "status --porcelain"));
    does(guest, "cd " + place + "; echo more >> file7; echo more >> 7/file7; rm 8/file8");
    assertEquals("M 7/file7\n D 8/file8\n?? file7", timed(guest, what + "status, three changes", git + "status --porcelain"));
    if (files == FEW) {
      assertEquals("", timed(guest, what + "fsck", git + "fsck --no-progress"));
    }
  }

  private static void locks(GuestMachine guest) {
    String said = does(guest, FLOCKS.replace("PLACE", "/ours"));
    System.out.println(said);
    assertEquals("0 -s read\n0 -s write\n2 -s read\n2 -s write\nfree 0\nfree 1\nfree 2\nfree 3", said);
    assertEquals(does(guest, FLOCKS.replace("PLACE", "/diod")), said);
    String inherited = does(guest, INHERITED.replace("PLACE", "/ours"));
    System.out.println(INHERITED + "\n" + inherited);
    assertEquals(does(guest, INHERITED.replace("PLACE", "/diod")), inherited);
    assertEquals("busy 1\nhad\nbusy 1\nfree", does(guest,
        "cd /ours; echo x > m; perl /tmp/flock '+<' m 1 5 & sleep 2; flock -n /fixed/m echo had; echo busy $?; flock -s -n /fixed/m echo had;"
            + " wait; flock /fixed/m sleep 4 & sleep 2; flock -s -n m echo had; echo busy $?; wait; flock -n m echo free; rm m"));
    // diod locks whole files alone, so that this is no question for it.
    assertEquals("refused Resource temporarily unavailable", does(guest,
        "cd /ours; echo x > m; perl /tmp/lock /ours/m 0 10 5 > /dev/null & sleep 1; perl /tmp/lock /ours2/m 0 1 0; wait; rm m"));
    assertEquals("locked\nlocked", does(guest,
        "cd /ours; echo x > m; perl /tmp/lock m 0 10 5 & sleep 1; perl /tmp/lock /ours2/m 10 10 0; wait; rm m"));
  }

  @Test
  void gitAndLocksAndAllElseAreTheSame() throws IOException, InterruptedException {
    Path ours = Files.createDirectory(outer.resolve("ours"));
    Path theirs = Files.createDirectory(outer.resolve("theirs"));
    fill(ours.resolve("large"), FILES);
    fill(theirs.resolve("large"), FILES);
    fill(ours.resolve("git"), FEW);
    fill(theirs.resolve("git"), FEW);
    try (DiodServer diod = new DiodServer(theirs, outer.resolve("diod.log")); GuestMachine guest = launch(ours)) {
      does(guest, "ip link set lo up; ip link set eth0 up; ip addr add 10.0.2.15/24 dev eth0; ip route add default via 10.0.2.2");
      mounted(guest, "trans=virtio,msize=262144", "ours", "/ours");
      mounted(guest, "trans=virtio,msize=262144", "again", "/ours2");
      mounted(guest, "trans=virtio,msize=262144,ro", "fixed", "/fixed");
      String network = "trans=tcp,port=" + diod.port() + ",uname=root,aname=" + theirs + ",msize=262144";
      mounted(guest, network, "10.0.2.2", "/diod");
      mounted(guest, network, "10.0.2.2", "/diod2");
      does(guest, "echo '" + PERL.strip() + "' > /tmp/lock");
      does(guest, "echo '" + FLOCK + "' > /tmp/flock");
      locks(guest);
      for (String command : COMMANDS) {
        String said = does(guest, "cd /ours; " + command);
        assertEquals(does(guest, "cd /diod; " + command), said, command);
        System.out.println(command + "\n" + said);
      }
      git(guest, "/ours/large", FILES);
      git(guest, "/diod/large", FILES);
      git(guest, "/ours/git", FEW);
      git(guest, "/diod/git", FEW);
      for (String folder : List.of("git", "large")) {
        assertEquals(does(guest, "cd /diod/" + folder + "; " + GIT + " rev-parse HEAD"), does(guest, "cd /ours/" + folder + "; " + GIT
            + " rev-parse HEAD"));
      }
      assertEquals(tree(theirs), tree(ours));
    }
  }
}
