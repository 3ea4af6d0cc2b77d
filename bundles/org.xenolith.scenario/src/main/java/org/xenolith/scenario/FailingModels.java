// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes a version of a bundle whose models have a bug: what answers accesses to their windows throws. The machine must take
 * such a device off the bus, and only it.
 */
final class FailingModels {
  private static final String HANDLER = "org/xenolith/machine/api/MmioHandler";
  private static final ClassDesc EXCEPTION = ClassDesc.of("java.lang.IllegalStateException");
  private static final String MESSAGE = "a bug that the scenario injects";

  private FailingModels() {}

  /**
   * Makes it.
   *
   * @return the bundle, or null if none of its classes answers accesses
   */
  static BundleJar of(BundleJar jar, boolean reads, boolean writes) {
    Map<String, byte[]> entries = new LinkedHashMap<>(jar.entries());
    boolean any = false;
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      if (entry.getKey().endsWith(".class")) {
        ClassModel type = ClassFile.of().parse(entry.getValue());
        if (type.interfaces().stream().anyMatch(i -> i.asInternalName().equals(HANDLER))) {
          entry.setValue(failing(type, reads, writes));
          any = true;
        }
      }
    }
    return any ? jar.withEntries(entries) : null;
  }

  private static byte[] failing(ClassModel type, boolean reads, boolean writes) {
    CodeTransform thrown = CodeTransform.ofStateful(ThrowFirst::new);
    // What follows the throw is dead and goes away, or it would need frames of its own.
    return ClassFile.of(ClassFile.DeadCodeOption.PATCH_DEAD_CODE)
        .transformClass(type, ClassTransform.transformingMethodBodies(method -> fails(method, reads, writes), thrown));
  }

  private static boolean fails(MethodModel method, boolean reads, boolean writes) {
    String name = method.methodName().stringValue();
    String shape = method.methodType().stringValue();
    return reads && name.equals("read") && shape.equals("(JI)J") || writes && name.equals("write") && shape.equals("(JIJ)V");
  }

  /** Puts a throw before the first instruction. */
  private static final class ThrowFirst implements CodeTransform {
    private boolean done;

    @Override
    public void atStart(CodeBuilder builder) {
      if (!done) {
        done = true;
        builder.new_(EXCEPTION).dup().ldc(MESSAGE).invokespecial(EXCEPTION, ConstantDescs.INIT_NAME,
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String)).athrow();
      }
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      builder.with(element);
    }
  }
}
