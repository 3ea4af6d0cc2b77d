// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;

/**
 * Has bundles that came while the program runs call {@code Runtime.exit} where they would call {@code Runtime.halt}: the JVM's end is then seen by {@link WayOut}, which says
 * whose doing it was. The JVM gives no other notice of a halt.
 */
final class HaltWeaving implements WeavingHook {
  private static final ClassDesc RUNTIME = ClassDesc.of("java.lang.Runtime");
  private static final MethodTypeDesc CODE = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);
  private static final byte[] HALT = "\u0001\u0000\u0004halt".getBytes(StandardCharsets.ISO_8859_1);
  private final Predicate<Bundle> late;

  /** @param late which bundles came while the program runs */
  HaltWeaving(Predicate<Bundle> late) {
    this.late = late;
  }

  @Override
  public void weave(WovenClass woven) {
    byte[] code = woven.getBytes();
    if (late.test(woven.getBundleWiring().getBundle()) && contains(code)) {
      woven.setBytes(woven(code, woven.getBundleWiring().getClassLoader()));
    }
  }

  /** The class with such calls exchanged. @param loader finds the classes that it names */
  static byte[] woven(byte[] code, ClassLoader loader) {
    CodeTransform calls = (builder, element) -> {
      if (element instanceof InvokeInstruction call && call.owner().asSymbol().equals(RUNTIME) && call.name().equalsString("halt")) {
        builder.invokevirtual(RUNTIME, "exit", CODE);
      } else {
        builder.with(element);
      }
    };
    ClassFile classes = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
        ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver())));
    return classes.transformClass(classes.parse(code), ClassTransform.transformingMethodBodies(calls));
  }

  /** Whether a class has the name of that method among its constants: few have, and only those are looked at. */
  private static boolean contains(byte[] code) {
    for (int at = 0; at <= code.length - HALT.length; at++) {
      int same = 0;
      while (same < HALT.length && code[at + same] == HALT[same]) {
        same++;
      }
      if (same == HALT.length) {
        return true;
      }
    }
    return false;
  }
}
