// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.xenolith.it.guest.InstalledProduct;

/** Compiles a class against the product and puts it into a bundle's jar in place of the one of that name. */
final class JarCompiler {
  private JarCompiler() {}

  /** A jar like the given one, but with a class made of this source. */
  static JarEdit with(byte[] jar, String className, String source) throws IOException {
    Path folder = Files.createTempDirectory("xenolith-version-");
    try {
      List<Path> path = new ArrayList<>(InstalledProduct.get().files());
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      StringWriter messages = new StringWriter();
      boolean compiled = compiler.getTask(messages, null, null, List.of("-proc:none", "-Xlint:none", "-d", folder.toString(), "-cp",
          path.stream().map(Path::toString).collect(Collectors.joining(java.io.File.pathSeparator))), null,
          List.of(new Source(className, source))).call();
      assertTrue(compiled, () -> messages + "\n" + source);
      JarEdit edit = JarEdit.of(jar);
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          edit.put(folder.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
      return edit;
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("string:///" + className.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
