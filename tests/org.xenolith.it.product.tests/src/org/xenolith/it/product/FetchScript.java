// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A script of the checkout that fetches something to test with and prints where it is; asked once in a run. */
public final class FetchScript {
  private final String path;
  private final String[] arguments;
  private Path fetched;

  /** @param path in the checkout */
  public FetchScript(String path, String... arguments) {
    this.path = path;
    this.arguments = arguments;
  }

  /** What it printed; what can't be had is a failure. */
  public synchronized Path fetched() throws InterruptedException {
    if (fetched == null) {
      ProcessBuilder script = new ProcessBuilder(Product.root().resolve(path).toString());
      script.command().addAll(List.of(arguments));
      try (Program program = Program.start(script.redirectInput(new File("/dev/null")))) {
        fetched = Path.of(program.await(Duration.ofMinutes(10)).expect(0).out().strip());
      }
    }
    return fetched;
  }
}
