// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.xenolith.it.product.Product;

/**
 * An installed bundle under another version number, as a vendor's update would come. Its code differs, so that the guest sees which
 * version serves: a version with the same classes couldn't be told from one that never took over, or was left out of a replay.
 */
enum OtherVersion {
  /** A real-time clock whose date is 364 days later. */
  CLOCK("org.xenolith.hw.pl031", "Pl031", "seconds", new CodeTransform() {
    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (element instanceof ReturnInstruction) {
        code.loadConstant(364L * 86_400).ladd();
      }
      code.with(element);
    }
  }),
  /** A UART that sends an exclamation mark for each tilde. */
  UART("org.xenolith.hw.pl011", "Pl011", "writeData", new CodeTransform() {
    @Override
    public void atStart(CodeBuilder code) {
      code.lload(1).loadConstant((long) '~').lcmp()
          .ifThen(Opcode.IFEQ, tilde -> tilde.loadConstant((long) '!').lstore(1));
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }
  }),
  /** A back end for disks that gives a V as the first byte of all that is read. */
  DISKS("org.xenolith.hyp.blkback", "BlockRequests", "copy", new CodeTransform() {
    @Override
    public void atStart(CodeBuilder code) {
      ClassDesc requests = ClassDesc.of("org.xenolith.hyp.blkback.BlockRequests");
      code.iload(2).ifThen(Opcode.IFEQ, read -> read.aload(0).getfield(requests, "data", ConstantDescs.CD_byte.arrayType())
          .loadConstant(0).loadConstant('V').bastore());
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }
  });

  private final String bundle;
  private final String type;
  private final String method;
  private final CodeTransform change;

  OtherVersion(String bundle, String type, String method, CodeTransform change) {
    this.bundle = bundle;
    this.type = type;
    this.method = method;
    this.change = change;
  }

  /** Puts it into a folder in one step, so that nobody sees half of it. */
  void drop(String version, Path folder) throws IOException {
    Path plugins = Product.root().resolve("product/target/xenolith/plugins");
    Path jar;
    try (var files = Files.list(plugins)) {
      jar = files.filter(file -> file.getFileName().toString().startsWith(bundle + "-")).findFirst()
          .orElseThrow(() -> new AssertionError("no " + bundle + " in " + plugins));
    }
    Path fresh = Files.createTempFile(folder, bundle, ".part");
    try (JarFile from = new JarFile(jar.toFile())) {
      Manifest manifest = from.getManifest();
      manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), version);
      try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(fresh), manifest)) {
        for (ZipEntry entry : Collections.list(from.entries())) {
          if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
            to.putNextEntry(new ZipEntry(entry.getName()));
            byte[] content = from.getInputStream(entry).readAllBytes();
            to.write(entry.getName().endsWith("/" + type + ".class") ? changed(content) : content);
          }
        }
      }
    }
    Files.move(fresh, folder.resolve(bundle + ".jar"), StandardCopyOption.ATOMIC_MOVE);
  }

  private byte[] changed(byte[] classFile) {
    ClassFile codec = ClassFile.of();
    AtomicBoolean found = new AtomicBoolean();
    byte[] changed = codec.transformClass(codec.parse(classFile), ClassTransform.transformingMethodBodies(candidate -> {
      boolean wanted = candidate.methodName().equalsString(method);
      found.compareAndSet(false, wanted);
      return wanted;
    }, change));
    if (!found.get()) {
      throw new AssertionError(type + " of " + bundle + " has no method " + method + ": this version would be no other one");
    }
    return changed;
  }
}
