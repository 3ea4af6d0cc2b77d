// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.RunReport;

/**
 * A boot that ended.
 *
 * @param outcome exit code and output
 * @param report  what {@code --report} wrote
 */
record Boot(Outcome outcome, RunReport report) {
  /** The kernel's self-tests are two thirds of a boot; runs that don't judge them leave them out. */
  static final String SHORT = "cryptomgr.notests";

  /** Boot to its end and reads the report, which goes to the folder under the given name. */
  static Boot run(Path folder, String name, int exit, Object... arguments) throws InterruptedException {
    try (Started boot = start(folder, name, arguments)) {
      return boot.await(exit);
    }
  }

  /** Starts the same without waiting. */
  static Started start(Path folder, String name, Object... arguments) {
    Path report = folder.resolve(name + ".json");
    return new Started(Product.start(line(report, arguments)), report);
  }

  /** Starts the same with an open standard input that is fed to the guest. */
  static Started startWithInput(Path folder, String name, Object... arguments) {
    Path report = folder.resolve(name + ".json");
    List<Object> line = new ArrayList<>(List.of(line(report, arguments)));
    line.add("--stdin");
    return new Started(Product.startWithInput(line.toArray()), report);
  }

  private static Object[] line(Path report, Object... arguments) {
    List<Object> line = new ArrayList<>(List.of("boot"));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--report", report));
    return line.toArray();
  }

  /** A boot that is under way. */
  record Started(Program program, Path report) implements AutoCloseable {
    Boot await(int exit) throws InterruptedException {
      Outcome outcome = program.await(Product.LONG).expect(exit);
      return new Boot(outcome, RunReport.read(report));
    }

    @Override
    public void close() {
      program.close();
    }
  }
}
