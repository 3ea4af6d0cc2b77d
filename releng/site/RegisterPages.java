
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/**
 * A page for each table of registers: the manual's words out of {@code TABLE.fields}, which {@code regs} prints, too, and, of a table that is an enum of the
 * bundle, offsets, reset values and what the model doesn't build.
 */
final class RegisterPages {
  private static final String RESOURCES = "/src/main/resources/";
  private final Path bundles;

  RegisterPages(Path bundles) {
    this.bundles = bundles;
  }

  /** The pages, and one with all of them. */
  List<Page> pages() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.find(bundles, 16, (path, attributes) -> path.toString().endsWith(".fields") && path.toString().contains(
        RESOURCES))) {
      files = found.sorted().toList();
    }
    List<Page> pages = new ArrayList<>();
    StringBuilder list = new StringBuilder(
        "# Registers\n\nThose of devices and processors, as their manuals name them; a page for each table. "
            + "[Looking into a machine](../guides/look-inside.html) shows their values.\n\n");
    String last = "";
    for (Path file : files) {
      String inside = bundles.relativize(file).toString().replace('\\', '/');
      String bundle = inside.substring(0, inside.indexOf('/'));
      String type = inside.substring(inside.indexOf(RESOURCES) + RESOURCES.length()).replace(".fields", "").replace('/', '.');
      String name = bundle.replace("org.xenolith.", "") + "." + type.substring(type.lastIndexOf('.') + 1);
      List<String> lines = Files.readAllLines(file);
      pages.add(new Page("bundles/" + inside, "reference/registers/" + name + ".html", text(bundle, name, lines, type)));
      if (!bundle.equals(last)) {
        list.append("\n## ").append(bundle.replace("org.xenolith.", "")).append("\n\n");
        last = bundle;
      }
      list.append("* [").append(name.substring(name.lastIndexOf('.') + 1)).append("](registers/").append(name).append(".html): ").append(
          manual(lines)).append('\n');
    }
    pages.add(new Page("bundles", "reference/registers.html", list.toString()));
    return pages;
  }

  private static String manual(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("# ") && !line.contains("SPDX")).findFirst().map(line -> escape(line.substring(2)))
        .orElse("");
  }

  private static String text(String bundle, String name, List<String> lines, String type) {
    StringBuilder text = new StringBuilder("# ").append(name).append("\n\n").append(manual(lines)).append(". Of the bundle [").append(
        bundle).append(
            "](../../bundles/").append(bundle).append("/index.html).\n\n");
    Map<String, RegisterSpec> specs = specs(type);
    if (!specs.isEmpty()) {
      text.append(
          "| offset | register | bytes | at reset | read and written | cleared by ones | not built | clause |\n|---|---|---|---|---|---|---|---|\n");
      specs.forEach((register, spec) -> text.append("| ").append(hex(spec.offset())).append(" | ").append(register).append(" | ").append(
          spec.size()).append(" | ")
          .append(hex(spec.reset())).append(" | ").append(hex(spec.rw())).append(" | ").append(hex(spec.w1c())).append(" | ").append(hex(
              spec.unimp())).append(" | ")
          .append(escape(spec.ref())).append(" |\n"));
      text.append('\n');
    }
    boolean table = false;
    for (String line : lines) {
      String[] field = line.strip().split(" +", 3);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      } else if (!line.startsWith(" ")) {
        int end = line.lastIndexOf(": ", line.length());
        int colon = line.indexOf(": ");
        end = colon < 0 ? end : colon;
        text.append("\n## ").append(escape(line.substring(0, end))).append("\n\n").append(escape(line.substring(end + 2))).append("\n\n");
        table = false;
      } else if (field.length == 1) {
        text.append("One value.\n");
      } else {
        text.append(table ? "" : "| bits | field | |\n|---|---|---|\n").append("| ").append(field[1]).append(" | ").append(escape(field[0]))
            .append(" | ").append(
                field.length > 2 ? escape(field[2]) : "").append(" |\n");
        table = true;
      }
    }
    return text.toString();
  }

  /** What the enum beside the words says of each register; nothing if the table is of another kind. */
  private static Map<String, RegisterSpec> specs(String type) {
    Map<String, RegisterSpec> specs = new LinkedHashMap<>();
    try {
      Object[] rows = Class.forName(type).getEnumConstants();
      for (Object row : rows == null ? new Object[0] : rows) {
        if (row instanceof Register register) {
          specs.put(register.name(), register.spec());
        }
      }
    } catch (ClassNotFoundException | LinkageError notAnEnum) {
      return Map.of(); // the words stand alone
    }
    return specs;
  }

  private static String hex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value).toUpperCase(java.util.Locale.ROOT);
  }

  private static String escape(String words) {
    return words.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_").replace("[", "\\[")
        .replace("`", "\\`");
  }
}
