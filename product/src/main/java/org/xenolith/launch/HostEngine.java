// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says, once for each cache folder, that guest code doesn't become machine code on a host, and what that costs. Where it does, nothing is said. */
final class HostEngine {
  /** Commands that run machines. */
  private static final List<String> RUNS = List.of("boot", "run", "open", "mcp");
  private static final String CACHE = "XENOLITH_CACHE";

  private HostEngine() {}

  /** Returns what is to be said before a command line runs on this host; empty if nothing is, or it was said. */
  static Optional<String> notice(String architecture, String system, Map<String, String> environment, String... arguments) {
    if (arguments.length == 0 || !RUNS.contains(arguments[0]) || GuestMemory.machineCode(architecture, system)) {
      return Optional.empty();
    }
    String said = "xenolith: this host (" + system + ", " + architecture
        + ") has no engine that writes its machine code: Arm guests are executed by the"
        + " engine 'regions', as bytecode, PCs by 'interpreter'. A boot takes about twice as long as on x86-64 Linux"
        + " (docs/adr/0039-write-no-aarch64-code-yet.md); results are the same, instruction for instruction";
    return first(environment.getOrDefault(CACHE, ""), architecture) ? Optional.of(said) : Optional.empty();
  }

  /** Whether nobody who keeps downloads in that folder was told; without a folder everybody is. */
  private static boolean first(String cache, String architecture) {
    if (cache.isBlank()) {
      return true;
    }
    try {
      Files.createDirectories(Path.of(cache));
      Files.createFile(Path.of(cache, "told-engine-" + architecture));
      return true;
    } catch (FileAlreadyExistsException told) {
      return false;
    } catch (IOException e) {
      return true; // a folder that can't be written to remembers nothing
    }
  }
}
