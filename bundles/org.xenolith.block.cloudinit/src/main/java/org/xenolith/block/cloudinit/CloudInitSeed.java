// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.cloudinit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.xenolith.block.kit.DiskContent;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.InputFile;

/**
 * The disc that cloud-init's data source NoCloud looks for (docs.cloud-init.io, "NoCloud": a file system ISO 9660 or VFAT whose label is {@code cidata}, with the files {@code user-data} and
 * {@code meta-data}, and {@code network-config} if there is one).
 */
final class CloudInitSeed implements DiskContent {
  static final String LABEL = "cidata";
  static final String META_DATA = "meta-data";
  static final String NETWORK = "network-config";
  /** Most of a file: cloud-init reads each into memory, and clouds allow 16 KiB. */
  static final long MOST = InputFile.WRITTEN;
  /** How user data begin (cloud-init, "User data formats"): a part of several, a MIME archive, gzip. */
  private static final List<String> BEGINNINGS = List.of("#cloud-config", "#!", "#include", "#cloud-boothook", "#part-handler",
      "#upstart-job", "## template: jinja", "Content-Type:", "MIME-Version:", "From ", "\u001f\u008b");

  private final String name;
  private final byte[] disc;

  private CloudInitSeed(String name, byte[] disc) {
    this.name = name;
    this.disc = disc;
  }

  /**
   * Makes it of files.
   *
   * @param name     what messages call the disc
   * @param userData the file with the user data
   * @param more     others, by the names that they have on the disc
   * @throws IOException if one can't be read, or is what cloud-init would pass over without a word
   */
  static CloudInitSeed of(String name, Path userData, Map<String, String> more) throws IOException {
    byte[] user = read(name, userData);
    String begin = new String(user, 0, Math.min(user.length, 64), StandardCharsets.ISO_8859_1);
    if (BEGINNINGS.stream().noneMatch(begin::startsWith)) {
      throw new IOException(name + ": cloud-init takes no notice of what begins so: '" + begin.lines().findFirst().orElse("")
          + "'; the first line of a configuration is '#cloud-config', of a script '#!' and its interpreter");
    }
    List<Iso9660Disc.Entry> entries = new ArrayList<>();
    entries.add(new Iso9660Disc.Entry("USERDATA.;1", "user-data", user));
    entries.add(new Iso9660Disc.Entry("METADATA.;1", META_DATA, more.containsKey(META_DATA) ? read(name, Path.of(more.get(META_DATA)))
        : instance(user)));
    if (more.containsKey(NETWORK)) {
      entries.add(new Iso9660Disc.Entry("NETWORKC.;1", NETWORK, read(name, Path.of(more.get(NETWORK)))));
    }
    return new CloudInitSeed(name, Iso9660Disc.of(LABEL, entries));
  }

  /** What says which machine it is: with other user data it is another one, for which cloud-init does all anew. */
  private static byte[] instance(byte[] user) {
    return ("instance-id: iid-" + sha256(user).substring(0, 16) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] read(String name, Path file) throws IOException {
    try {
      return InputFile.read(file, MOST);
    } catch (NoSuchFileException e) {
      throw new IOException(name + ": there is no file " + file, e);
    } catch (IOException e) {
      throw new IOException(name + ": " + file + ": " + HostReason.of(file, e).text(), e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return disc.length;
  }

  @Override
  public void read(long position, byte[] into, int offset, int bytes) {
    System.arraycopy(disc, (int) position, into, offset, bytes);
  }

  @Override
  public String digest() {
    return sha256(disc);
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
