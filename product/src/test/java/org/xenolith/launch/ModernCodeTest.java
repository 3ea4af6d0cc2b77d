// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static java.lang.constant.ConstantDescs.CD_int;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessFlag;
import org.junit.jupiter.api.Test;

class ModernCodeTest {
  private final ModernCode modern = new ModernCode(getClass().getClassLoader());

  @Test
  void anOldClassGetsStackMapsAndDoesWhatItDid() throws Exception {
    byte[] file = modern.of(withBranch(ClassFile.JAVA_5_VERSION));
    assertEquals(ClassFile.JAVA_8_VERSION, ClassFile.of().parse(file).majorVersion());
    // The JVM wants maps of this version: without, it throws a VerifyError here.
    Class<?> made = MethodHandles.lookup().defineHiddenClass(file, true).lookupClass();
    assertEquals(5, made.getMethod("magnitude", int.class).invoke(null, -5));
    assertEquals(5, made.getMethod("magnitude", int.class).invoke(null, 5));
  }

  @Test
  void anotherIsLeftAsItIs() {
    byte[] file = withBranch(ClassFile.JAVA_6_VERSION);
    assertSame(file, modern.of(file));
  }

  private static byte[] withBranch(int version) {
    return ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS).build(ClassDesc.of("org.xenolith.launch.Branching"), type -> type
        .withVersion(
            version, 0).withFlags(AccessFlag.PUBLIC).withMethodBody("magnitude", MethodTypeDesc.of(CD_int, CD_int), ClassFile.ACC_PUBLIC
                | ClassFile.ACC_STATIC, code -> {
                  var positive = code.newLabel();
                  code.iload(0).ifge(positive).iload(0).ineg().ireturn().labelBinding(positive).iload(0).ireturn();
                }));
  }
}
