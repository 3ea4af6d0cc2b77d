
// SPDX-License-Identifier: EPL-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Reads what Pitest reports of a bundle: {@code BUNDLE MUTATIONS.XML SOURCES EQUIVALENTS [CLASS...]}, the classes if not all were changed. Prints the score and the survivors of which
 * nobody said that they are equivalent, and ends with 1 if there is one, or if the score is too low.
 *
 * <p>A line of EQUIVALENTS is {@code Class.method MUTATOR: text of the line: why}, the colons with blanks around. A line of source with
 * several changes of one kind has them counted, {@code MUTATOR.2} for the second. If the line of source changes, the reason has to be
 * found anew: lines of which there is no survivor are said.
 */
final class Survivors {
  private static final int ENOUGH = 85;
  /** What a test, or the JVM, has seen. */
  private static final Set<String> FOUND = Set.of("KILLED", "TIMED_OUT", "MEMORY_ERROR", "RUN_ERROR");

  private record Mutant(String file, String type, String method, String mutator, int line, int index, String status, String what) {
    boolean found() {
      return FOUND.contains(status);
    }
  }

  private Survivors() {}

  public static void main(String[] args) throws Exception {
    String bundle = args[0];
    List<Mutant> all = read(Path.of(args[1]));
    Map<String, Mutant> alive = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    Path sources = Path.of(args[2]);
    for (Mutant mutant : all) {
      String place = "%s.%s %s".formatted(mutant.type.substring(mutant.type.lastIndexOf('.') + 1), mutant.method, mutant.mutator);
      String text = text(sources, mutant);
      // Counted over those that were found, too: a new test of one doesn't give another its reason.
      int number = counts.merge(place + " : " + text, 1, Integer::sum);
      if (!mutant.found()) {
        alive.put(place + (number == 1 ? "" : "." + number) + " : " + text, mutant);
      }
    }
    Map<String, String> equivalent = equivalents(Path.of(args[3]));
    if (args.length > 4) {
      List<String> classes = List.of(args).subList(4, args.length);
      equivalent.keySet().removeIf(key -> !classes.contains(key.substring(0, key.indexOf('.')).replaceFirst("\\$.*", "")));
    }
    int said = 0;
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Mutant> each : alive.entrySet()) {
      if (equivalent.remove(each.getKey()) != null) {
        said++;
      } else {
        Mutant mutant = each.getValue();
        wrong.add("  %s:%d %s%n    %s (%s)".formatted(mutant.file, mutant.line, mutant.status.toLowerCase().replace('_', ' '), each
            .getKey(), mutant.what));
      }
    }
    int found = all.size() - alive.size();
    System.out.printf("%s: %d of %d changes found, %.1f %%; %d are equivalent, %d survive%n", bundle, found, all.size(), 100.0 * found / all
        .size(), said,
        wrong.size());
    wrong.forEach(System.out::println);
    equivalent.keySet().forEach(key -> System.out.println("  no survivor for this line of " + args[3] + ": " + key));
    boolean few = found * 100 < ENOUGH * all.size();
    if (few) {
      System.out.println("  less than " + ENOUGH + " % were found");
    }
    System.exit(few || !wrong.isEmpty() || !equivalent.isEmpty() ? 1 : 0);
  }

  private static List<Mutant> read(Path report) throws Exception {
    Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
    List<Mutant> mutants = new ArrayList<>();
    for (int i = 0; i < document.getElementsByTagName("mutation").getLength(); i++) {
      Element each = (Element) document.getElementsByTagName("mutation").item(i);
      String mutator = in(each, "mutator");
      mutants.add(new Mutant(in(each, "sourceFile"), in(each, "mutatedClass"), in(each, "mutatedMethod"), mutator.substring(mutator
          .lastIndexOf('.') + 1)
          .replace("Mutator", ""), Integer.parseInt(in(each, "lineNumber")), Integer.parseInt(in((Element) each.getElementsByTagName(
              "indexes").item(0),
              "index")), each.getAttribute("status"), in(each, "description")));
    }
    mutants.sort(Comparator.comparing(Mutant::type).thenComparing(Mutant::line).thenComparing(Mutant::method).thenComparing(Mutant::mutator)
        .thenComparing(
            Mutant::index));
    return mutants;
  }

  private static String in(Element element, String name) {
    return element.getElementsByTagName(name).item(0).getTextContent();
  }

  private static String text(Path sources, Mutant mutant) throws IOException {
    Path file = sources.resolve(mutant.type.replaceFirst("\\.[^.]*$", "").replace('.', '/')).resolve(mutant.file);
    return Files.readAllLines(file).get(mutant.line - 1).strip();
  }

  /** The key, and why. */
  private static Map<String, String> equivalents(Path file) throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        int why = line.lastIndexOf(" : ");
        if (why < 0 || line.indexOf(" : ") == why || line.substring(why + 3).isBlank()) {
          System.err.println("mutation: '" + line + "' in " + file + ": expected Class.method MUTATOR : text of the line : why");
          System.exit(2);
        }
        lines.put(line.substring(0, why), line.substring(why + 3));
      }
    }
    return lines;
  }
}
