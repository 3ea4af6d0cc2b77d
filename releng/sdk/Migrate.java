
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Changes the sources of a model that were written for an earlier version of the contracts, as far as these changes are renames; {@code migrate} runs it.
 * What it changes: names of packages and types in Java sources, {@code pde.bnd}, {@code *.bnd} and {@code MANIFEST.MF}. What it can't decide it names.
 */
public final class Migrate {
  private static final Pattern FILES = Pattern.compile(".*\\.java|.*\\.bnd|MANIFEST\\.MF");
  private static final String IMPORT = "(?m)^import\\s+(static\\s+)?";

  private final Map<String, String> packages = new LinkedHashMap<>();
  private final Map<String, String> types = new LinkedHashMap<>();
  private final List<String> open = new ArrayList<>();
  private int changed;

  private Migrate() {}

  /** Arguments: the table of renames, the model's folder, and "--check", if nothing is to be written. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]).toAbsolutePath().normalize();
    boolean check = arguments.length > 2;
    if (!Files.isDirectory(folder)) {
      System.err.println("migrate: " + folder + ": no such folder; name that of a model, with its pde.bnd");
      System.exit(2);
    }
    Migrate migrate = new Migrate();
    migrate.read(Path.of(arguments[0]));
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(file -> Files.isRegularFile(file) && FILES.matcher(file.getFileName().toString()).matches()).sorted().toList();
    }
    if (files.isEmpty()) {
      System.err.println("migrate: " + folder + ": no Java sources, no pde.bnd and no MANIFEST.MF below it");
      System.exit(2);
    }
    for (Path file : files) {
      migrate.change(folder, file, check);
    }
    migrate.open.forEach(line -> System.out.println("by hand: " + line));
    System.out.println(migrate.changed + " of " + files.size() + " files " + (check ? "would change" : "changed") + (migrate.open.isEmpty()
        ? ""
        : ", " + migrate.open.size() + " places are left for you"));
    System.exit(migrate.open.isEmpty() ? 0 : 1);
  }

  private void read(Path table) throws IOException {
    for (String line : Files.readAllLines(table)) {
      String[] words = line.split(" ");
      if (words[0].equals("package")) {
        packages.put(words[1], words[2]);
      } else if (words[0].equals("type")) {
        types.put(words[1], words[2]);
      }
    }
  }

  private void change(Path folder, Path file, boolean check) throws IOException {
    String before = Files.readString(file, StandardCharsets.UTF_8);
    Path name = folder.relativize(file);
    String after = name.toString().endsWith(".java") ? source(name, before) : headers(name, before);
    if (!after.equals(before)) {
      changed++;
      System.out.println(name);
      if (!check) {
        Files.writeString(file, after);
      }
    }
  }

  private String source(Path name, String text) {
    for (Map.Entry<String, String> type : types.entrySet()) {
      text = type(name, text, type.getKey(), type.getValue());
    }
    for (Map.Entry<String, String> each : packages.entrySet()) {
      text = text.replaceAll("\\b" + Pattern.quote(each.getKey()) + "(?=\\.[A-Z*])", Matcher.quoteReplacement(each.getValue()));
    }
    return text;
  }

  private String type(Path name, String text, String old, String now) {
    Matcher used = Pattern.compile("\\b" + Pattern.quote(old) + "\\b").matcher(text);
    boolean star = Pattern.compile(IMPORT + Pattern.quote(packageOf(old)) + "\\.\\*;").matcher(text).find();
    String simple = simple(old);
    Matcher word = Pattern.compile("(?<![\\w.])" + simple + "\\b").matcher(text);
    if (star && word.find() && !packageOf(old).equals(packageOf(now))) {
      open.add(name + ": " + simple + ", by an import of " + packageOf(old) + ".*, is " + now);
      return text;
    }
    if (!used.find() && !star) {
      return text;
    }
    boolean imported = star || Pattern.compile(IMPORT + Pattern.quote(old) + "[.;]").matcher(text).find();
    String result = text.replaceAll("\\b" + Pattern.quote(old) + "\\b", Matcher.quoteReplacement(now));
    if (imported && !simple.equals(simple(now))) {
      if (Pattern.compile("(?<![\\w.])" + simple(now) + "\\b").matcher(text).find()) {
        open.add(name + ": " + simple + " is " + now + ", but " + simple(now) + " is something else there already");
        return text;
      }
      result = result.replaceAll("(?<![\\w.])" + simple + "\\b", simple(now));
    }
    return result;
  }

  /** Names of packages in headers; a range of versions there is the earlier version's, and is left to whoever wrote it. */
  private String headers(Path name, String text) {
    String result = text;
    for (Map.Entry<String, String> each : packages.entrySet()) {
      result = result.replaceAll("(?<![\\w.])" + Pattern.quote(each.getKey()) + "(?![\\w]|\\.[\\w])", Matcher.quoteReplacement(each
          .getValue()));
    }
    for (String old : types.keySet()) {
      String from = packageOf(old);
      String to = packageOf(types.get(old));
      if (!from.equals(to) && !packages.containsKey(from) && Pattern.compile("(?<![\\w.])" + Pattern.quote(from) + "(?![\\w]|\\.[\\w])")
          .matcher(text).find() && open.stream().noneMatch(line -> line.startsWith(name + ": " + from + " "))) {
        open.add(name + ": " + from + " gave types to " + to + " and others; name the packages that the sources import now");
      }
    }
    return result;
  }

  private static String packageOf(String type) {
    return type.substring(0, type.lastIndexOf('.'));
  }

  private static String simple(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
