// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Path;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.zip.ZipEntry;

/**
 * Code of another version that leaves a mark where it makes or resets a model or an engine, gives a model's state, executes, or makes
 * tables or a domain: who served last is known by that and not by a number in a manifest. A version with the same classes would look like
 * one that never took over.
 */
public final class MarkedCode {
  /** What a jar with marked code has besides: a text with the version. */
  public static final String LABEL = "META-INF/marked.txt";
  private static final String PROPERTY = "xenolith.it.served.";
  private static final Set<String> MARKED = Set.of("create", "state", "run", "reset", "build", "describe");
  private static final ClassDesc SYSTEM = ClassDesc.of("java.lang.System");
  private static final MethodTypeDesc SET =
      MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_String, ConstantDescs.CD_String);
  /** Knows the classes of the product. */
  static final ClassFile CODEC = ClassFile.of(ClassHierarchyResolverOption.of(
      ClassHierarchyResolver.ofResourceParsing(MarkedCode::inProduct).orElse(ClassHierarchyResolver.defaultResolver()).cached()));

  private MarkedCode() {}

  /** The class, with marks of a version in its methods that a machine calls. */
  public static byte[] of(byte[] classFile, String bundle, String version) {
    return CODEC.transformClass(CODEC.parse(classFile), ClassTransform.transformingMethodBodies(MarkedCode::isMarked, mark(bundle,
        version)));
  }

  /** Whether a jar has such code. */
  static boolean isIn(byte[] jar) throws IOException {
    try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
      for (JarEntry entry; (entry = in.getNextJarEntry()) != null;) {
        if (entry.getName().equals(LABEL)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isMarked(MethodModel method) {
    return MARKED.contains(method.methodName().stringValue()) && !method.flags().has(AccessFlag.STATIC)
        && !method.flags().has(AccessFlag.SYNTHETIC);
  }

  private static CodeTransform mark(String bundle, String version) {
    return new CodeTransform() {
      @Override
      public void atStart(CodeBuilder code) {
        code.loadConstant(PROPERTY + bundle).loadConstant(version).invokestatic(SYSTEM, "setProperty", SET).pop();
      }

      @Override
      public void accept(CodeBuilder code, CodeElement element) {
        code.with(element);
      }
    };
  }

  /** Forgets who served. */
  public static void forget(String bundle) {
    System.clearProperty(PROPERTY + bundle);
  }

  /** The version of a bundle's marked code that executed last; null if none has. */
  public static String served(String bundle) {
    return System.getProperty(PROPERTY + bundle);
  }

  /** The class file of a class of the product; null if it has none such. */
  private static InputStream inProduct(ClassDesc wanted) {
    String name = wanted.descriptorString().substring(1).replace(";", ".class");
    for (Path jar : InstalledProduct.get().files()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        ZipEntry entry = file.getEntry(name);
        if (entry != null) {
          return new ByteArrayInputStream(file.getInputStream(entry).readAllBytes());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(jar.toString(), e);
      }
    }
    return null;
  }
}
