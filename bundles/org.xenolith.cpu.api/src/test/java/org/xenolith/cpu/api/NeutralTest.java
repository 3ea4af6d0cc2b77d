// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.reflect.AccessFlag;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract says nothing of any architecture: what it names is the JDK's, its own, the machine's, and annotations. */
final class NeutralTest {
  private static final Pattern TYPE = Pattern.compile("L([\\w/$]+)[;<]");
  private static final List<String> ALLOWED = List.of("java/", "org/xenolith/cpu/api/", "org/xenolith/machine/api/",
      "org/osgi/annotation/", "org/jspecify/annotations/");

  private final List<ClassModel> classes = new ArrayList<>();

  NeutralTest() throws Exception {
    Path built = Path.of(CpuEngine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(built)) {
      read(built);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + built.toUri()), Map.of())) {
        read(jar.getPath("/"));
      }
    }
  }

  private void read(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).filter(f -> !f.toString().endsWith("Test.class")).toList()) {
        classes.add(ClassFile.of().parse(Files.readAllBytes(file)));
      }
    }
    assertTrue(classes.stream().anyMatch(c -> c.thisClass().asInternalName().equals("org/xenolith/cpu/api/CpuEngine")), root.toString());
  }

  @Test
  void onlyTheMachineIsNamed() {
    Set<String> foreign = new TreeSet<>();
    classes.forEach(each -> each.constantPool().forEach(entry -> {
      if (entry instanceof ClassEntry type) {
        foreign.add(type.asInternalName());
      } else if (entry instanceof Utf8Entry text) {
        for (Matcher types = TYPE.matcher(text.stringValue()); types.find();) {
          foreign.add(types.group(1));
        }
      }
    }));
    assertTrue(foreign.contains("org/xenolith/machine/api/CpuPort"), foreign.toString());
    foreign.removeIf(name -> ALLOWED.stream().anyMatch(name::startsWith));
    assertEquals(Set.of(), foreign);
  }

  @Test
  void thereAreInterfacesOnly() {
    List<String> others = classes.stream().filter(each -> !each.flags().has(AccessFlag.INTERFACE)).map(each -> each.thisClass()
        .asInternalName()).toList();
    assertEquals(List.of(), others);
  }
}
