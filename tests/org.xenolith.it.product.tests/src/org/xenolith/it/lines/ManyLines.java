// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.lines;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;

/**
 * Many command lines in one process of the product: a start takes 2 s of CPU, most of these lines a few milliseconds. The process has a
 * plug-in that calls what the launcher calls; the script, the launcher and the process' own exit code are not tested so.
 */
public final class ManyLines {
  private static final List<Class<?>> PLUGIN = List.of(LinesActivator.class, CommandLines.class);

  private ManyLines() {}

  /**
   * Runs lines from a folder, where relative paths begin, each when the one before has ended.
   *
   * @param own for what this needs itself
   * @return their ends, in the same order
   */
  public static List<Outcome> run(Path folder, Path own, List<Object[]> lines) throws IOException, InterruptedException {
    Path plugins = Files.createDirectories(own.resolve("plugins"));
    writePlugin(plugins.resolve("lines.jar"));
    List<String> texts = lines.stream().map(line -> Arrays.stream(line).map(Object::toString)
        .collect(Collectors.joining(CommandLines.SEPARATOR))).toList();
    Path from = Files.write(own.resolve("lines"), texts);
    Path to = own.resolve("ends");
    try (Program shell = Product.startIn(folder, "shell", "--plugins", plugins)) {
      shell.type("test:lines '" + from + "' '" + to + "'\n");
      shell.closeInput();
      Outcome all = shell.await(Product.LONG).expect(0);
      List<String> ends = Files.exists(to) ? Files.readAllLines(to) : List.of();
      if (ends.size() != lines.size()) {
        throw new AssertionError("only " + ends.size() + " of " + lines.size() + " lines came to an end; " + all);
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (int i = 0; i < ends.size(); i++) {
        String[] end = ends.get(i).split(",", -1);
        outcomes.add(new Outcome(List.of("xenolith", texts.get(i).replace(CommandLines.SEPARATOR, " ")), Integer.parseInt(end[0]),
            text(end[1]), text(end[2])));
      }
      return outcomes;
    }
  }

  private static String text(String coded) {
    return new String(Base64.getDecoder().decode(coded), StandardCharsets.UTF_8);
  }

  private static void writePlugin(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", "org.xenolith.it.lines");
    main.putValue("Bundle-Version", "1.0.0");
    main.putValue("Bundle-Activator", LinesActivator.class.getName());
    main.putValue("Import-Package", "org.osgi.framework");
    try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (Class<?> type : PLUGIN) {
        String name = type.getName().replace('.', '/') + ".class";
        to.putNextEntry(new ZipEntry(name));
        try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
          in.transferTo(to);
        }
      }
    }
  }
}
