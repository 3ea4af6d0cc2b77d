// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a version's records look like. A record of the first form has, beside the original, a field more, and its first field under another
 * name; one of the second form has another name again, another field more, and the first form's one less. Each takes the records of all;
 * a version as the build made it takes only its own, so the last replacement before it is by one of the form {@link #ORIGINAL}.
 */
public enum RecordForm {
  /** The record that the build's version has. */
  ORIGINAL,
  /** A field renamed, one more. */
  FIRST,
  /** The field renamed again, one more, one less. */
  SECOND;

  private static final ClassDesc STATE = ClassDesc.of("org.xenolith.regs.DeviceState");
  private static final String HELPER = OtherRecord.class.getName().replace('.', '/');
  private static final Set<String> DECLARES =
      Set.of("cell", "value", "longs", "ints", "bytes", "fifo", "varying", "children", "registers");

  /** One of the forms that differ from the build's. */
  public static RecordForm inTurn(int round) {
    return round % 2 == 0 ? SECOND : FIRST;
  }

  /** Changes the classes of a jar so that its records have this form; adds one if any declares state. */
  public void apply(Map<String, byte[]> entries, String bundle) {
    AtomicBoolean declares = new AtomicBoolean();
    entries.replaceAll((name, content) -> name.endsWith(".class") ? declaredByHelper(content, declares) : content);
    if (declares.get()) {
      entries.put(HELPER + ".class", helper(bundle));
    }
  }

  /** The form in which a bundle's records were last made with what was asked, a field {@code added} or {@code renamed}; null for never. */
  public static String last(String bundle, String what) {
    return System.getProperty(OtherRecord.PROPERTY + bundle + "." + what);
  }

  /** Whether a version of a bundle with other records was there last. */
  static boolean differs(String bundle) {
    return last(bundle, "added") != null || last(bundle, "renamed") != null;
  }

  /** Forgets what was made of a bundle. */
  public static void forget(String bundle) {
    System.clearProperty(OtherRecord.PROPERTY + bundle + ".added");
    System.clearProperty(OtherRecord.PROPERTY + bundle + ".renamed");
  }

  private byte[] helper(String bundle) {
    try (InputStream in = OtherRecord.class.getResourceAsStream(OtherRecord.class.getSimpleName() + ".class")) {
      ClassFile codec = ClassFile.of();
      return codec.transformClass(codec.parse(in.readAllBytes()), ClassTransform.transformingMethodBodies(replacing(Map.of(
          OtherRecord.FORM, name().toLowerCase(java.util.Locale.ROOT), OtherRecord.BUNDLE, bundle))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CodeTransform replacing(Map<String, String> texts) {
    return (code, element) -> {
      if (element instanceof ConstantInstruction.LoadConstantInstruction load && load.constantEntry() instanceof StringEntry text
          && texts.containsKey(text.stringValue())) {
        code.loadConstant(texts.get(text.stringValue()));
      } else {
        code.with(element);
      }
    };
  }

  private static byte[] declaredByHelper(byte[] content, AtomicBoolean declares) {
    ClassFile codec = MarkedCode.CODEC;
    return codec.transformClass(codec.parse(content), ClassTransform.transformingMethodBodies((code, element) -> declare(code, element,
        declares)));
  }

  private static void declare(CodeBuilder code, CodeElement element, AtomicBoolean declares) {
    if (!(element instanceof InvokeInstruction call) || !isState(call.owner())) {
      code.with(element);
    } else if (call.opcode() == Opcode.INVOKEVIRTUAL && DECLARES.contains(call.name().stringValue())) {
      declares.set(true);
      code.invokestatic(ClassDesc.ofInternalName(HELPER), call.name().stringValue(), call.typeSymbol().insertParameterTypes(0, STATE));
    } else if (call.opcode() == Opcode.INVOKESPECIAL) {
      declares.set(true);
      code.with(element).dup().invokestatic(ClassDesc.ofInternalName(HELPER), "made", MethodTypeDesc.ofDescriptor("("
          + STATE.descriptorString() + ")V"));
    } else {
      code.with(element);
    }
  }

  private static boolean isState(ClassEntry owner) {
    return owner.asSymbol().equals(STATE);
  }
}
