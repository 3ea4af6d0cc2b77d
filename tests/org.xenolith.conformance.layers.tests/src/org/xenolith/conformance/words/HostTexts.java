// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.words;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.Attributes;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds in class files where the text of an exception of input and output is made into a text of ours: {@code getMessage()},
 * {@code toString()}, and joining it. That text is the platform's, for programmers: a bare path, nothing, "Input length = 1".
 */
final class HostTexts {
  private static final Set<String> TEXTS = Set.of("getMessage", "getLocalizedMessage", "toString");
  /** What a multi-catch's variable is to the compiler. */
  private static final Set<String> BOTH = Set.of("java/lang/Exception", "java/lang/Throwable", "java/lang/Object");

  /**
   * One place.
   *
   * @param source path of the source below its folder
   */
  record Use(String source, int line) {
    @Override
    public String toString() {
      return source + ":" + line;
    }
  }

  private final String source;
  private final List<Use> uses = new ArrayList<>();

  private HostTexts(String source) {
    this.source = source;
  }

  /** All of a class. */
  static List<Use> of(byte[] classFile) {
    String raw = new String(classFile, StandardCharsets.ISO_8859_1);
    if (!raw.contains("Exception") || !raw.contains("java/io/") && !raw.contains("java/nio/") && !raw.contains("java/util/zip/") && !raw
        .contains("java/net/")) {
      return List.of(); // none of it, as of most classes, and that is soon found out
    }
    ClassModel model = ClassFile.of().parse(classFile);
    String name = model.thisClass().asInternalName();
    String file = model.findAttribute(Attributes.sourceFile()).map(SourceFileAttribute::sourceFile).map(Object::toString).orElse("?");
    HostTexts texts = new HostTexts(name.substring(0, name.lastIndexOf('/') + 1) + file);
    for (MethodModel method : model.methods()) {
      method.code().ifPresent(texts::look);
    }
    return texts.uses;
  }

  private void look(CodeModel code) {
    Set<Label> handlers = new HashSet<>();
    for (CodeElement element : code) {
      if (element instanceof ExceptionCatch caught && caught.catchType().filter(type -> isHosts(type.asInternalName())).isPresent()) {
        handlers.add(caught.handler());
      }
    }
    Map<Integer, Boolean> caught = new HashMap<>(); // variables that hold what a handler caught
    Set<Integer> loaded = new HashSet<>(); // those of this line
    int line = 0;
    int last = -1;
    boolean begins = false;
    for (CodeElement element : code) {
      switch (element) {
        case LabelTarget target -> {
          begins |= handlers.contains(target.label());
          continue;
        }
        case LineNumber number -> {
          line = number.line();
          continue;
        }
        case StoreInstruction store -> {
          caught.put(store.slot(), begins);
          loaded.clear();
        }
        case LoadInstruction load -> {
          if (caught.getOrDefault(load.slot(), false)) {
            loaded.add(load.slot());
          }
        }
        case InvokeInstruction call -> {
          if (isText(call, caught.getOrDefault(last, false))) {
            uses.add(new Use(source, line));
          }
          loaded.remove(last); // whoever is called has it
        }
        case InvokeDynamicInstruction join -> {
          if (join.name().stringValue().equals("makeConcatWithConstants") && joins(join, !loaded.isEmpty())) {
            uses.add(new Use(source, line));
          }
          loaded.clear();
        }
        default -> {
        }
      }
      if (element instanceof java.lang.classfile.Instruction) {
        begins = false;
        last = element instanceof LoadInstruction load ? load.slot() : -1;
      }
    }
  }

  private static boolean isText(InvokeInstruction call, boolean ofCaught) {
    String owner = call.owner().asInternalName();
    String name = call.name().stringValue();
    String type = call.type().stringValue();
    if (TEXTS.contains(name) && type.equals("()Ljava/lang/String;")) {
      return isHosts(owner) || ofCaught && BOTH.contains(owner);
    }
    return ofCaught && (owner.equals("java/lang/String") && name.equals("valueOf")
        || owner.equals("java/lang/StringBuilder") && name.equals("append"));
  }

  private static boolean joins(InvokeDynamicInstruction join, boolean caughtIsLoaded) {
    for (ClassDesc argument : join.typeSymbol().parameterList()) {
      String type = argument.descriptorString().replaceFirst("^L(.*);$", "$1");
      if (isHosts(type) || caughtIsLoaded && BOTH.contains(type)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a class is an exception of the platform's input and output. */
  private static boolean isHosts(String type) {
    if (!type.startsWith("java/") || !type.endsWith("Exception")) {
      return false;
    }
    try {
      Class<?> loaded = Class.forName(type.replace('/', '.'), false, null);
      return IOException.class.isAssignableFrom(loaded) || loaded == java.io.UncheckedIOException.class;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
