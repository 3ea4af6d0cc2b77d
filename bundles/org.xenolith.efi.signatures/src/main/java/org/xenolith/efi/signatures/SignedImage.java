// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.signatures;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.ExtendedDigest;
import org.xenolith.efi.boot.api.EfiRam;

/**
 * A PE file in the guest's memory: what its signatures are of, and where they are (Microsoft, Windows Authenticode Portable Executable Signature Format,
 * "Calculating the PE Image Hash"; PE Format, "The Attribute Certificate Table").
 *
 * <p>What the loader would use without its being part of the hash makes the file a bad one: headers of sections behind the headers, sections behind
 * the file, a table of certificates that isn't the file's end.
 */
final class SignedImage {
  private static final int PIECE = 1 << 17;
  private static final int FIRST = 4096;
  private static final int MOST_HEADERS = 1 << 20;
  private static final int SECTION = 40;
  private static final int PE32 = 0x10B;
  private static final int PE32_PLUS = 0x20B;
  /** Where PE32+ has its number of data directories; PE32 has it 16 bytes earlier. */
  private static final int COUNT = 108;
  private static final int CHECKSUM = 64;
  private static final int SIZE_OF_HEADERS = 60;
  private static final int CERTIFICATES = 4;
  private static final int CHECKSUM_BYTES = 4;
  private static final int DIRECTORY_BYTES = 8;

  private record Piece(long at, long length) {}

  private final EfiRam memory;
  private final long file;
  private final long size;
  private final List<Piece> hashed = new ArrayList<>();
  private final Map<Hash, byte[]> digests = new EnumMap<>(Hash.class);
  private long tableAt;
  private long tableSize;

  /**
   * Reads the headers.
   *
   * @param file where it is in memory
   * @param size its bytes
   * @throws BadImage if they make no sense
   */
  SignedImage(EfiRam memory, long file, long size) throws BadImage {
    this.memory = memory;
    this.file = file;
    this.size = size;
    readHeaders();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void readHeaders() throws BadImage {
    ByteBuffer in = little(memory.read(file, (int) Math.min(size, FIRST)));
    BadImage.unless(in.capacity() >= 64 && in.getShort(0) == ('M' | 'Z' << 8), "it doesn't begin with MZ");
    long header = Integer.toUnsignedLong(in.getInt(60));
    BadImage.unless(header <= Math.min(size, MOST_HEADERS) - 24, "its PE header is at 0x" + Long.toHexString(header));
    long optional = header + 24;
    ByteBuffer coff = little(memory.read(file + header, 24));
    int sections = coff.getShort(6) & 0xFFFF;
    int optionalSize = coff.getShort(20) & 0xFFFF;
    BadImage.unless(coff.getInt(0) == ('P' | 'E' << 8) && optionalSize >= COUNT + 4 && optional + optionalSize <= size,
        "its headers are cut off");
    ByteBuffer head = little(memory.read(file + optional, optionalSize));
    int magic = head.getShort(0) & 0xFFFF;
    BadImage.unless(magic == PE32_PLUS || magic == PE32, "its optional header has magic 0x" + Integer.toHexString(magic));
    long headers = Integer.toUnsignedLong(head.getInt(SIZE_OF_HEADERS));
    long table = optional + optionalSize;
    BadImage.unless(headers <= size && table + (long) sections * SECTION <= headers, "its headers end at 0x" + Long.toHexString(headers)
        + ", and not behind those of its sections");
    int count = magic == PE32 ? COUNT - 16 : COUNT;
    int directory = count + 4 + DIRECTORY_BYTES * CERTIFICATES;
    boolean has = Integer.toUnsignedLong(head.getInt(count)) > CERTIFICATES;
    BadImage.unless(!has || directory + DIRECTORY_BYTES <= optionalSize, "its data directories are cut off");
    if (has) {
      tableAt = Integer.toUnsignedLong(head.getInt(directory));
      tableSize = Integer.toUnsignedLong(head.getInt(directory + 4));
    }
    add(0, optional + CHECKSUM);
    if (has) {
      add(optional + CHECKSUM + CHECKSUM_BYTES, optional + directory);
      add(optional + directory + DIRECTORY_BYTES, headers);
    } else {
      add(optional + CHECKSUM + CHECKSUM_BYTES, headers);
    }
    addSections(little(memory.read(file + table, sections * SECTION)), headers);
  }

  private void add(long from, long to) {
    if (to > from) {
      hashed.add(new Piece(from, to - from));
    }
  }

  /** Sections by their place in the file, and what is behind them. */
  private void addSections(ByteBuffer in, long headers) throws BadImage {
    List<Piece> sections = new ArrayList<>();
    long sum = headers;
    for (int at = 0; at < in.capacity(); at += SECTION) {
      long length = Integer.toUnsignedLong(in.getInt(at + 16));
      long from = Integer.toUnsignedLong(in.getInt(at + 20));
      if (length != 0) {
        BadImage.unless(from <= size && length <= size - from, "section " + at / SECTION + " ends behind the file");
        sections.add(new Piece(from, length));
        sum += length;
      }
    }
    sections.sort(Comparator.comparingLong(Piece::at));
    long end = headers;
    for (Piece each : sections) {
      BadImage.unless(each.at >= end, "sections lie on one another, or on the headers");
      end = each.at + each.length;
    }
    hashed.addAll(sections);
    if (tableSize == 0) {
      add(sum, size);
      return;
    }
    BadImage.unless(tableAt >= end && tableAt <= size && tableSize == size - tableAt, "its table of certificates, 0x" + Long.toHexString(
        tableSize) + " bytes at 0x" + Long.toHexString(tableAt) + ", isn't the end of the file");
    add(sum, tableAt);
  }

  /** What signatures are of. */
  byte[] digest(Hash hash) {
    return digests.computeIfAbsent(hash, this::calculate);
  }

  private byte[] calculate(Hash hash) {
    ExtendedDigest digest = hash.digest();
    for (Piece each : hashed) {
      for (long at = 0; at < each.length; at += PIECE) {
        byte[] bytes = memory.read(file + each.at + at, (int) Math.min(PIECE, each.length - at));
        digest.update(bytes, 0, bytes.length);
      }
    }
    byte[] result = new byte[digest.getDigestSize()];
    digest.doFinal(result, 0);
    return result;
  }

  /** The file's signatures, each SignedData of PKCS #7. @throws BadImage if their table makes no sense */
  List<byte[]> signatures() throws BadImage {
    return CertificateTable.signatures(memory, file + tableAt, tableSize);
  }
}
