// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.command.api.HostReason;
import org.xenolith.launch.api.LaunchRequest;

/**
 * What a machine is booted from: the bytes that were read at the launch, so that a reset boots the same whatever became of the files,
 * and what was asked for that belongs to them.
 *
 * @param image         the guest; empty for a hypervisor that starts nothing but domains from files
 * @param modules       multiboot modules
 * @param append        all words that are added to the guest's own command line
 * @param kernelAddress where a kernel goes that may lie anywhere and says nothing itself: a physical address
 * @param entry         where the kernel is entered: a physical address
 */
record BootContent(Optional<GuestImage> image, List<BootModule> modules, String append, OptionalLong kernelAddress, OptionalLong entry) {
  /** Its file in a snapshot. */
  static final String FILE = "guest.gz";
  private static final String MAGIC = "xenolith-guest 1";
  /** Bytes of a part; no more can be in an array. */
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  static BootContent of(Optional<GuestImage> image, List<BootModule> modules, LaunchRequest request) {
    return new BootContent(image, modules, ShellRequest.words(image.map(GuestImage::name).orElse(""), request), GuestOptions.address(
        request,
        GuestOptions.KERNEL_ADDRESS), GuestOptions.address(request, GuestOptions.ENTRY));
  }

  /** A request with what was asked for when this was booted first. */
  LaunchRequest completed(LaunchRequest request) {
    LaunchRequest.Builder builder = request.toBuilder().option(GuestOptions.APPEND, append.isEmpty() ? List.of() : List.of(append));
    kernelAddress.ifPresent(at -> builder.option(GuestOptions.KERNEL_ADDRESS, hexadecimal(at)));
    entry.ifPresent(at -> builder.option(GuestOptions.ENTRY, hexadecimal(at)));
    return builder.build();
  }

  private static String hexadecimal(long address) {
    return "0x" + Long.toHexString(address);
  }

  /** Adds the file to a snapshot's folder. Returns its SHA-256. */
  String write(Path folder) throws IOException {
    MessageDigest digest = sha256();
    try (OutputStream file = new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(folder.resolve(FILE))), digest);
        DataOutputStream out = new DataOutputStream(new FastGzip(file))) {
      out.writeUTF(MAGIC);
      out.writeBoolean(image.isPresent());
      if (image.isPresent()) {
        GuestImage guest = image.get();
        out.writeUTF(guest.name());
        text(out, guest.commandLine());
        bytes(out, guest.kernel());
        out.writeBoolean(guest.initrd().isPresent());
        bytes(out, guest.initrd().orElse(new byte[0]));
      }
      out.writeInt(modules.size());
      for (BootModule module : modules) {
        out.writeUTF(module.kind());
        text(out, module.arguments());
        bytes(out, module.data());
      }
      text(out, append);
      address(out, kernelAddress);
      address(out, entry);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** @throws IOException if it isn't the file that was written; the message says so */
  static BootContent read(Path folder, String sha256) throws IOException {
    MessageDigest digest = sha256();
    BootContent content;
    try (InputStream file = new DigestInputStream(new BufferedInputStream(Files.newInputStream(folder.resolve(FILE))), digest)) {
      content = read(new DataInputStream(new GZIPInputStream(file, 1 << 16)));
      file.transferTo(OutputStream.nullOutputStream());
    } catch (IOException | RuntimeException e) {
      throw new IOException(FILE + ": " + (Files.exists(folder.resolve(FILE)) ? "the snapshot is damaged: " + HostReason.of(e).text()
          : "is missing: the snapshot isn't whole"), e);
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
      throw new IOException(FILE + " isn't what was written: the snapshot is damaged");
    }
    return content;
  }

  private static BootContent read(DataInputStream in) throws IOException {
    String magic = in.readUTF();
    if (!magic.equals(MAGIC)) {
      throw new IOException("expected " + MAGIC + ", got another form");
    }
    Optional<GuestImage> image = Optional.empty();
    if (in.readBoolean()) {
      String name = in.readUTF();
      String line = text(in);
      byte[] kernel = bytes(in);
      boolean has = in.readBoolean();
      byte[] initrd = bytes(in);
      image = Optional.of(new GuestImage(name, kernel, has ? Optional.of(initrd) : Optional.empty(), line, List.of(), Optional.empty()));
    }
    List<BootModule> modules = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      String kind = in.readUTF();
      String arguments = text(in);
      modules.add(new BootModule(kind, bytes(in), arguments));
    }
    return new BootContent(image, modules, text(in), address(in), address(in));
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > LARGEST) {
      throw new IOException("a part of " + length + " bytes");
    }
    // Not all at once: what says so may be damaged.
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("ends early");
    }
    return bytes;
  }

  private static void address(DataOutputStream out, OptionalLong address) throws IOException {
    out.writeBoolean(address.isPresent());
    out.writeLong(address.orElse(0));
  }

  private static OptionalLong address(DataInputStream in) throws IOException {
    boolean present = in.readBoolean();
    long address = in.readLong();
    return present ? OptionalLong.of(address) : OptionalLong.empty();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A root file system is compressed already; a kernel compresses as well at the quickest level. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
