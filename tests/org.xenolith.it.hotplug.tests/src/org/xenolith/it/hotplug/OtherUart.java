// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.ConstantInstruction;
import org.xenolith.it.guest.InstalledProduct;

/** A version of {@code hw.pl011} that a guest can tell from the product's: its control register has another reset value. */
final class OtherUart {
  static final String BUNDLE = "org.xenolith.hw.pl011";
  static final String NODE = "/pl011@9000000";
  static final String REGISTER = "UARTCR";
  /** Of the product's. */
  static final int RESET = 0x301;
  /** Of this one: data terminal ready, too. */
  static final int OTHER_RESET = 0x701;
  private static final String TABLE = "org/xenolith/hw/pl011/Pl011Register.class";

  private OtherUart() {}

  /** Its jar. */
  static byte[] jar(String version) {
    JarEdit edit = JarEdit.of(InstalledProduct.get().jar(BUNDLE)).version(version);
    ClassFile codec = ClassFile.of();
    int[] changed = {0};
    edit.put(TABLE, codec.transformClass(codec.parse(edit.get(TABLE)), ClassTransform.transformingMethodBodies(method -> method.methodName()
        .equalsString("<clinit>"), (code, element) -> changed[0] += otherReset(code, element))));
    if (changed[0] != 1) {
      throw new AssertionError(changed[0] + " reset values of " + RESET + " in " + TABLE);
    }
    return edit.bytes();
  }

  private static int otherReset(CodeBuilder code, CodeElement element) {
    if (element instanceof ConstantInstruction constant && constant.constantValue() instanceof Number number && number.longValue()
        == RESET) {
      if (number instanceof Long) {
        code.loadConstant((long) OTHER_RESET);
      } else {
        code.loadConstant(OTHER_RESET);
      }
      return 1;
    }
    code.with(element);
    return 0;
  }
}
