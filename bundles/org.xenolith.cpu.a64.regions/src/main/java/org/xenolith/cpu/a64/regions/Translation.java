// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.List;
import org.xenolith.a64.graph.Node;

/**
 * The class of a region.
 *
 * @param classFile its class file, a subclass of {@link RegionCode}; empty once that is loaded
 * @param flow      what it holds
 * @param entries   words where it is entered, by the number of the entry
 * @param need      instructions of the longest way from an entry to a check
 * @param vector    whether it uses FP or SIMD
 * @param calls     words of the instructions whose nodes are called, by the number in {@code RegionCode.calls}
 */
record Translation(byte[] classFile, Flow flow, int[] entries, int need, boolean vector, List<Integer> calls) {
  /** HotSpot compiles no method of more bytes. */
  static final int MOST_BYTES = 8000;
  private static final ClassDesc NAME = ClassDesc.of(RegionCode.class.getPackageName(), "Translated$Region");
  private static final MethodTypeDesc RUN = MethodTypeDesc.of(ConstantDescs.CD_int, Frame.CPU, Frame.LONGS, ConstantDescs.CD_int);
  private static final MethodTypeDesc MAKE = MethodTypeDesc.of(ConstantDescs.CD_void,
      Node.class.describeConstable().orElseThrow().arrayType());

  /**
   * Translates a flow, or as much of it as the JVM will compile. The first entry is always in.
   *
   * @param logged whether stores can be taken back
   */
  static Translation of(Flow whole, int[] entries, boolean logged) {
    Flow flow = whole;
    for (;;) {
      Flow part = flow;
      int[] within = Arrays.stream(entries).filter(part::begins).toArray();
      RegionMethod method = new RegionMethod(part, within, logged);
      byte[] bytes = ClassFile.of().build(NAME, type -> type.withSuperclass(Frame.CODE)
          .withMethodBody(ConstantDescs.INIT_NAME, MAKE, ClassFile.ACC_PUBLIC, code -> code.aload(0).aload(1)
              .invokespecial(Frame.CODE, ConstantDescs.INIT_NAME, MAKE).return_())
          .withMethodBody("run", RUN, ClassFile.ACC_PROTECTED, method::emit));
      if (bytes.length <= MOST_BYTES || codeLength(bytes) <= MOST_BYTES) {
        return new Translation(bytes, part, within, method.need(), method.vector, method.calls);
      }
      flow = flow.smaller();
    }
  }

  /** Bytes of the method {@code run} in a class file. */
  static int codeLength(byte[] classFile) {
    return ClassFile.of().parse(classFile).methods().stream().filter(m -> m.methodName().equalsString("run"))
        .mapToInt(m -> m.findAttribute(Attributes.code()).orElseThrow().codeArray().length).sum();
  }

  /** The same without its class file. */
  Translation loaded() {
    return new Translation(new byte[0], flow, entries, need, vector, calls);
  }

  /** The number of the entry at a word, or -1. */
  int entry(int word) {
    for (int i = 0; i < entries.length; i++) {
      if (entries[i] == word) {
        return i;
      }
    }
    return -1;
  }
}
