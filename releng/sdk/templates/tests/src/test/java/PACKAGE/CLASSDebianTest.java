// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.junit.BootSteps;
import org.xenolith.junit.GuestMachine;
import org.xenolith.junit.Machine;

/** Debian's kernel at a shell, booted once. Whatever a test does to it, the others have theirs as it was: in any order, two at a time. */
@Machine(board = "virt", guest = "debian", options = "memory=256M", prepare = @CLASS@DebianTest.Sown.class)
@TestMethodOrder(MethodOrderer.Random.class)
class @CLASS@DebianTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String PROMPT = "xenolith:\\S+# $";
  /** What the first test's machine was when it began, bit for bit. */
  private static final AtomicReference<String> BOOTED = new AtomicReference<>();

  /** What is done once, before the first test has its fork. */
  static class Sown implements BootSteps {
    private static final AtomicInteger TIMES = new AtomicInteger();

    @Override
    public void prepare(GuestMachine machine) {
      TIMES.incrementAndGet();
      machine.ask("mkdir /data; echo seed >/data/file; echo sown $?", "^sown 0", LONG);
      machine.expect(PROMPT);
    }
  }

  @BeforeEach
  void nothingIsLeftOfOtherTests(GuestMachine machine) {
    String now = machine.digest();
    BOOTED.compareAndSet(null, now);
    assertEquals(BOOTED.get(), now);
  }

  @Test
  void theKernelIsDebians(GuestMachine machine) {
    machine.ask("cat /proc/version", "^Linux version .*debian-kernel", LONG);
  }

  @RepeatedTest(2)
  void whatWasPreparedIsThere(GuestMachine machine) {
    assertEquals(1, Sown.TIMES.get());
    machine.ask("cat /data/file; echo eaten >/data/file", "^seed$", LONG);
    machine.ask("cat /data/file", "^eaten$", LONG);
  }

  @RepeatedTest(2)
  void memoryCanBeFilled(GuestMachine machine) {
    machine.expectPanic();
    machine.ask("mkdir -p /mnt; mount -t tmpfs -o size=100% tmpfs /mnt; echo mounted $?", "^mounted 0", LONG);
    machine.type("cat /dev/zero >/mnt/all\n");
    machine.expect("Kernel panic - not syncing: System is deadlocked on memory|Out of memory: Killed process", Duration.ofMinutes(2));
  }

  @RepeatedTest(2)
  void initCanBeKilled(GuestMachine machine) {
    machine.expectPanic();
    // Zeros in the place of its program; it goes on when its shell has ended.
    machine.type("set -- $(sed -n '/ r-xp /{s/ .*//;s/-/ /p;q}' /proc/1/maps); "
        + "dd if=/dev/zero of=/proc/1/mem bs=4096 seek=$((0x$1 / 4096)) count=$(((0x$2 - 0x$1) / 4096)) conv=notrunc; exit\n");
    machine.expect("Kernel panic - not syncing: Attempted to kill init!", LONG);
  }

  @Test
  void whatATestWritesIsItsOwn(GuestMachine machine) {
    machine.ask("echo mine >/file; ls /", "^.*\\bfile\\b", LONG);
  }

  @Test
  void filesOfOthersAreNotSeen(GuestMachine machine) {
    machine.ask("ls /file", "No such file", LONG);
  }

  @Test
  void aSnapshotIsAFolder(GuestMachine machine, @TempDir Path folder) {
    machine.save(folder.resolve("saved"));
    assertTrue(folder.resolve("saved/manifest.txt").toFile().isFile());
  }
}
