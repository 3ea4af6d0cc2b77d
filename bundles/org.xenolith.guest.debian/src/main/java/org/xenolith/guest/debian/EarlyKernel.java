// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A kernel's package that is unpacked in memory while it comes, by a thread of its own: over a line of 20 Mbit/s it is unpacked when it is there. Nothing of it is used
 * before the whole file has its digest.
 */
final class EarlyKernel implements PackageFetcher.Arrivals, AutoCloseable {
  private final LockedPackage wanted;
  private ArrivingFile file;
  private FutureTask<KernelPackage> reading;
  private boolean checked;

  EarlyKernel(LockedPackage wanted) {
    this.wanted = wanted;
  }

  @Override
  public void arrived(LockedPackage one, Path path, long bytes) {
    if (!one.equals(wanted)) {
      return;
    }
    if (bytes == 0) {
      close();
      return;
    }
    if (file == null) {
      ArrivingFile arriving = new ArrivingFile(path);
      file = arriving;
      reading = new FutureTask<>(() -> {
        KernelPackage kernel = new KernelPackage(path.getFileName().toString(), arriving::open);
        kernel.readAll(Installation.moduleNames());
        return kernel;
      });
      Thread thread = new Thread(reading, "unpacking " + one.bareName());
      thread.setDaemon(true);
      thread.start();
    }
    file.accept(bytes);
  }

  @Override
  public void checked(LockedPackage one) {
    if (one.equals(wanted) && file != null) {
      file.whole();
      checked = true;
    }
  }

  /** The package's content, while its file is where it came to; empty if it didn't come piece by piece, or what came isn't known to have the right digest. */
  Optional<KernelPackage> kernel() throws IOException {
    if (!checked) {
      return Optional.empty();
    }
    try {
      return Optional.of(reading.get());
    } catch (ExecutionException e) {
      return Optional.empty(); // who reads it from the disk meets the same, and says it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    if (file != null) {
      file.lost();
    }
    file = null;
    checked = false;
  }
}
