// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.ProgressListener;

/** A kernel's package that is unpacked while it comes is the one that was checked, or isn't used. */
class EarlyKernelTest {
  @TempDir
  Path folder;
  private final FakePackages packages = new FakePackages();
  private final PackageLock lock = packages.lock();
  private final List<LockedPackage> wanted = lock.guest("debian").orElseThrow();
  private final EarlyKernel early = new EarlyKernel(wanted.getFirst());

  private void fetch(PackageClient client, Download download) throws IOException {
    new PackageFetcher(Map.of(), folder.resolve("none"), client, download).fetch(wanted, lock, folder.resolve("files"), text -> {}, early);
  }

  @Test
  void itIsThatOfTheFile() throws IOException {
    fetch(packages, packages);
    KernelPackage kernel = early.kernel().orElseThrow();
    KernelPackage later = new KernelPackage(folder.resolve("files").resolve(wanted.getFirst().localFile()));
    later.readAll(Installation.moduleNames());
    assertArrayEquals(later.kernel(), kernel.kernel());
    assertEquals(later.modules().keySet(), kernel.modules().keySet());
    assertEquals(later.deviceTrees().keySet(), kernel.deviceTrees().keySet());
    assertEquals(later.builtIn(), kernel.builtIn());
  }

  @Test
  void whatHasAnotherDigestIsNeverUsed() throws IOException {
    packages.added = "more";
    String refused = assertThrows(IOException.class, () -> fetch(packages, packages)).getMessage();
    assertTrue(refused.contains("is not what it should be"), refused);
    assertEquals(Optional.empty(), early.kernel());
  }

  /** A mirror that sends a kernel of its own and breaks off, and one that has the right package: what the first sent is void. */
  @Test
  void whatAMirrorSentThatBrokeOffIsVoid() throws IOException {
    byte[] other = otherPackage();
    PackageClient mirrored = new FakePackages() {
      @Override
      public List<String> mirrors(PackageLock.Archive archive) {
        return List.of("http://mirror");
      }
    };
    fetch(mirrored, (address, file, told) -> {
      if (address.startsWith("http://mirror")) {
        FakePackages.inPieces(other, file, told);
        throw new IOException("the connection ended");
      }
      packages.copy(address, file, told);
    });
    assertArrayEquals(packages.kernel, early.kernel().orElseThrow().kernel());
  }

  /** The same where the right one comes by the package client, which tells nothing of what has come. */
  @Test
  void whatBrokeOffIsVoidWhereThePackageClientBringsTheRightOne() throws IOException {
    byte[] other = otherPackage();
    PackageClient client = new FakePackages() {
      @Override
      public Path download(LockedPackage one, Path to, ProgressListener progress) throws IOException {
        return Files.write(to.resolve(one.localFile()), bytes(one.name()));
      }
    };
    fetch(client, (address, file, told) -> {
      if (address.contains("busybox")) {
        throw new FileNotFoundException(address);
      }
      FakePackages.inPieces(other, file, told);
      throw new IOException("the connection ended");
    });
    assertEquals(Optional.empty(), early.kernel());
  }

  @Test
  void whatIsNotToldWhileItComesIsReadLater() throws IOException {
    fetch(packages, (address, file, told) -> packages.copy(address, file, bytes -> {}));
    assertEquals(Optional.empty(), early.kernel());
  }

  /** Its beginning is told, then it is given up: the thread that waits for the rest ends. */
  @Test
  void whoGivesUpLeavesNoThread() throws Exception {
    Path file = folder.resolve("part");
    byte[] whole = packages.kernelPackage();
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    early.arrived(wanted.getFirst(), file, 0);
    early.arrived(wanted.getFirst(), file, whole.length / 2);
    Thread thread = Thread.getAllStackTraces().keySet().stream().filter(one -> one.getName().startsWith("unpacking linux-image"))
        .findFirst()
        .orElseThrow();
    early.close();
    thread.join(10_000);
    assertEquals(Thread.State.TERMINATED, thread.getState());
  }

  private static byte[] otherPackage() {
    FakePackages others = new FakePackages();
    others.kernel = "a kernel of somebody else's".getBytes(StandardCharsets.UTF_8);
    return others.kernelPackage();
  }
}
