// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** How many bytes of bytecode the methods of built bundles have. */
final class CodeSizes {

  private CodeSizes() {}

  /**
   * A method with code.
   *
   * @param type binary name of its class
   * @param name its name
   * @param bytes length of its code
   */
  record Method(String type, String name, int bytes) {
    /** For patterns and messages. */
    String where() {
      return type + "#" + name;
    }

    @Override
    public String toString() {
      return where() + ": " + bytes + " bytes";
    }
  }

  /** All methods of a jar that have code. */
  static List<Method> of(Path jar) {
    List<Method> methods = new ArrayList<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
        try (InputStream in = file.getInputStream(entry)) {
          add(methods, in.readAllBytes());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(jar + ": " + e.getMessage(), e);
    }
    return methods;
  }

  /** Adds the methods of a class file. */
  static void add(List<Method> methods, byte[] classFile) {
    ClassModel model = ClassFile.of().parse(classFile);
    String type = model.thisClass().asInternalName().replace('/', '.');
    for (MethodModel method : model.methods()) {
      method.findAttribute(Attributes.code())
          .ifPresent(code -> methods.add(new Method(type, method.methodName().stringValue(), code.codeLength())));
    }
  }
}
