// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All machines that the tests of one run of JUnit share, and the product that makes them: there from the first that is asked for to the end of the run. */
final class MachineBoots implements AutoCloseable {
  private final Map<Machine, SharedBoot> boots = new HashMap<>();
  private final MemoryShare memory = MemoryShare.ofThisProcess();
  private final Path folder;
  private @Nullable StartedProduct product;
  private int made;

  MachineBoots() {
    try {
      folder = Files.createTempDirectory("xenolith-junit-");
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder can be made", e);
    }
  }

  /** A machine for a test that is asked for by this; booted, unless it was. */
  TestedMachine machine(Machine asked, String test) {
    SharedBoot boot;
    Path inputs;
    synchronized (this) {
      boot = boots.computeIfAbsent(asked, any -> new SharedBoot(any, product(), folder("boot")));
      inputs = folder("test").resolve("test.journal");
    }
    return TestedMachine.of(boot, memory, inputs, test);
  }

  private StartedProduct product() {
    StartedProduct now = product;
    if (now == null) {
      now = new StartedProduct(ProductFolder.ofThisProcess(), folder("framework"));
      product = now;
    }
    return now;
  }

  private Path folder(String kind) {
    try {
      return Files.createDirectory(folder.resolve(kind + "-" + ++made));
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder can be made", e);
    }
  }

  @Override
  public synchronized void close() {
    boots.values().forEach(SharedBoot::close);
    boots.clear();
    if (product != null) {
      product.close();
      product = null;
    }
    StartedProduct.delete(folder);
  }
}
