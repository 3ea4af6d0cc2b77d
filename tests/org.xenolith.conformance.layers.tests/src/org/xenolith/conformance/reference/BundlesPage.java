// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.conformance.layers.Checkout;
import org.xenolith.conformance.layers.Layers;

/** The page {@code dist/reference/bundles.md}: every bundle by its layer, with what its README says first. */
final class BundlesPage {
  static final String PAGE = "bundles.md";

  private static final String BUNDLES = "../../bundles/";
  private static final String PREFIX = "org.xenolith.";
  private static final List<String> LAYERS = List.of("0: base", "1: contracts", "2: cores", "3: providers", "4: applications",
      "5: workbench");
  /** The first sentence, or what stands before a list or table. */
  private static final Pattern SENTENCE = Pattern.compile("^.*?(?:[.](?=\\s|$)|:$|$)");

  /** A link of a README to a file, with its place in it. */
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)]+)\\)");

  private BundlesPage() {}

  static String text(Path root) throws IOException {
    Layers layers = Layers.ofCheckout();
    StringBuilder text = new StringBuilder("""
        # Bundles

        Every bundle by its layer (`releng/layers.txt`), with what its README says first. A bundle uses only layers below its own, and no
        provider another; the [architecture](../../docs/architecture.md) says why. Made by each build, or `releng/make-reference`; edit the READMEs.
        """);
    for (int layer = 0; layer < LAYERS.size(); layer++) {
      text.append("\n## Layer ").append(LAYERS.get(layer)).append("\n\n| bundle | | |\n|---|---|---|\n");
      for (Path folder : Checkout.bundleFolders()) {
        String name = folder.getFileName().toString();
        if (layers.layerOf(name).orElseThrow() == layer) {
          String readme = Files.readString(folder.resolve("README.md"));
          text.append("| [").append(name.substring(PREFIX.length())).append("](").append(BUNDLES).append(name).append("/README.md) | ")
              .append(readme.lines().findFirst().orElse("").replaceFirst("^# ", "")).append(" | ").append(says(name, readme))
              .append(" |\n");
        }
      }
    }
    return text.toString();
  }

  /** The first sentence of the first paragraph that is more than a source. */
  static String says(String bundle, String readme) {
    List<String> paragraphs = new ArrayList<>(Arrays.asList(readme.split("\n\\s*\n")));
    for (String paragraph : paragraphs.subList(1, paragraphs.size())) {
      String line = paragraph.replace("\n", " ").strip();
      if (!line.matches("(Manual|Source|Sources|Data sheet|Specification)s?: .*") && !line.startsWith("#") && !line.startsWith("|")) {
        Matcher sentence = SENTENCE.matcher(line);
        String said = (sentence.find() ? sentence.group() : line).replaceAll(":$", "").replaceAll("\\.$", "").replace("|", "\\|");
        return LINK.matcher(said).replaceAll(link -> Matcher.quoteReplacement("](" + fromThePage(bundle, link.group(1)) + ")"));
      }
    }
    throw new IllegalArgumentException(bundle + "/README.md says nothing in its first paragraphs");
  }

  /** What a bundle's README links to, as this page must. */
  private static String fromThePage(String bundle, String link) {
    return Path.of(BUNDLES + bundle).resolve(link).normalize().toString();
  }
}
