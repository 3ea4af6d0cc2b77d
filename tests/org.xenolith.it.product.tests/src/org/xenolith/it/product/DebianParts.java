// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Debian guest as files, as {@code ./xenolith guests fetch} gives them.
 *
 * @param kernel      the kernel
 * @param initrd      the first root file system
 * @param commandLine the guest's default command line
 * @param trees       folder of the board trees that came with the kernel
 */
public record DebianParts(Path kernel, Path initrd, String commandLine, Path trees) {
  private static DebianParts fetched;

  /** Fetches them once for all tests. */
  public static synchronized DebianParts fetched() throws InterruptedException {
    if (fetched == null) {
      try {
        fetched = fetch(Files.createTempDirectory("xenolith-test-debian-"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return fetched;
  }

  private static DebianParts fetch(Path folder) throws InterruptedException, IOException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    Outcome outcome = Product.run("guests", "fetch", "debian", "--to", folder).expect(0);
    return new DebianParts(folder.resolve("Image"), folder.resolve("initrd"), Files.readString(folder.resolve("cmdline")).strip(),
        Path.of(value(outcome.out(), "device-trees")));
  }

  private static String value(String text, String key) {
    return text.lines().filter(line -> line.startsWith(key + ": ")).findFirst()
        .orElseThrow(() -> new AssertionError("no line '" + key + ": ' in\n" + text)).substring(key.length() + 2);
  }

  /** The board trees, in name order. */
  public List<Path> boards() {
    try (Stream<Path> files = Files.walk(trees)) {
      return files.filter(file -> file.toString().endsWith(".dtb")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println(folder + " could not be deleted: " + e);
    }
  }
}
