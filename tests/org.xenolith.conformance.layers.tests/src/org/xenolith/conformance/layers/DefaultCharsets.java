// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.Set;
import java.util.TreeSet;

/** Finds in class files what depends on the platform's charset, or on its locale where letters are changed. */
final class DefaultCharsets {
  private static final String STRING = "java/lang/String";
  private static final Set<String> READERS_AND_WRITERS = Set.of("java/io/InputStreamReader", "java/io/OutputStreamWriter",
      "java/io/FileReader",
      "java/io/FileWriter", "java/io/PrintStream", "java/io/PrintWriter", "java/util/Scanner", "java/util/Formatter");
  /** Constructors' arguments that bytes go to or come from. */
  private static final Set<String> BYTES = Set.of("(Ljava/io/InputStream;", "(Ljava/io/OutputStream;", "(Ljava/io/File;",
      "(Ljava/nio/file/Path;",
      "(Ljava/io/FileDescriptor;", "(Ljava/nio/channels/ReadableByteChannel;");
  private static final Set<String> NAMED_FILES = Set.of("java/io/FileReader", "java/io/FileWriter", "java/io/PrintStream",
      "java/io/PrintWriter",
      "java/util/Formatter");
  private static final Set<String> CALLS = Set.of(STRING + ".getBytes()[B", STRING + ".<init>([B)V", STRING + ".<init>([BII)V",
      STRING + ".toLowerCase()Ljava/lang/String;", STRING + ".toUpperCase()Ljava/lang/String;",
      "java/io/ByteArrayOutputStream.toString()Ljava/lang/String;", "java/nio/charset/Charset.defaultCharset()Ljava/nio/charset/Charset;",
      "java/lang/Process.inputReader()Ljava/io/BufferedReader;", "java/lang/Process.errorReader()Ljava/io/BufferedReader;",
      "java/lang/Process.outputWriter()Ljava/io/BufferedWriter;");

  private DefaultCharsets() {}

  /** What a class uses of that kind, each as {@code owner.name(arguments)result}; empty if all is well. */
  static Set<String> uses(byte[] classFile) {
    ClassModel model = ClassFile.of().parse(classFile);
    Set<String> found = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof MemberRefEntry member) {
        String owner = member.owner().asInternalName();
        String name = member.name().stringValue();
        String type = member.type().stringValue();
        String call = owner + "." + name + type;
        if (CALLS.contains(call) || name.equals("<init>") && READERS_AND_WRITERS.contains(owner) && withoutCharset(owner, type)) {
          found.add(call);
        }
      }
    }
    return found;
  }

  private static boolean withoutCharset(String owner, String type) {
    String name = "Ljava/lang/String;";
    boolean bytes = BYTES.stream().anyMatch(type::startsWith) || NAMED_FILES.contains(owner) && type.startsWith("(" + name);
    String rest = type.substring(type.indexOf(';') + 1);
    return bytes && !rest.contains("Ljava/nio/charset/") && !rest.contains(name);
  }
}
