// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A table with its bytes and what they say. RSDP and FACS, which have no common header, are tables here, too.
 *
 * <p>A table whose signature is not declared has a header and bytes. A checksum that is wrong hinders no reading
 * ({@link #checksumIsRight()}).
 */
public final class AcpiTable {
  private static final StructureLayout UNKNOWN =
      StructureLayout.table("table of an unknown kind", "ACPI 6.5, 5.2.6", new TableField[0], TablePart.data("content"));
  private static final String RSDP = "RSDP";

  private final String signature;
  private final byte[] bytes;
  private final Structure structure;

  private AcpiTable(String signature, byte[] bytes) {
    this.signature = signature;
    this.bytes = bytes;
    structure = Structure.read(signature, bytes, layout(signature));
  }

  /** A switch, not a map: a declaration takes its time to be made, and most machines have a few tables only. */
  private static StructureLayout layout(String signature) {
    return switch (signature) {
      case RSDP -> Rsdp.LAYOUT;
      case "FACS" -> Facs.LAYOUT;
      case "XSDT" -> Xsdt.LAYOUT;
      case "FACP" -> Fadt.LAYOUT;
      case "APIC" -> Madt.LAYOUT;
      case "GTDT" -> Gtdt.LAYOUT;
      case "HPET" -> HpetTable.LAYOUT;
      case "SPCR" -> Spcr.LAYOUT;
      case "DBG2" -> Dbg2.LAYOUT;
      case "MCFG" -> Mcfg.LAYOUT;
      case "IORT" -> Iort.LAYOUT;
      case "IVRS" -> Ivrs.LAYOUT;
      case "PPTT" -> Pptt.LAYOUT;
      case "STAO" -> Stao.LAYOUT;
      case "XENV" -> Xenv.LAYOUT;
      case "DSDT" -> Definition.DSDT;
      case "SSDT" -> Definition.SSDT;
      default -> UNKNOWN;
    };
  }

  /**
   * Reads a table; bytes behind the length that it says are passed over.
   *
   * @throws AcpiException if it is cut short, or says what can't be
   */
  public static AcpiTable read(byte[] bytes) {
    String signature = signature(bytes);
    int length = length(signature, bytes);
    return new AcpiTable(signature, Arrays.copyOf(bytes, length));
  }

  private static String signature(byte[] bytes) {
    byte[] head = Arrays.copyOf(bytes, 8);
    String first = new String(head, StandardCharsets.ISO_8859_1);
    if (first.equals(Rsdp.SIGNATURE)) {
      return RSDP;
    }
    String four = first.substring(0, 4);
    if (bytes.length == 0) {
      throw new AcpiException("table", 0, "it is empty", AcpiException.DAMAGED);
    }
    if (!isSignature(four) || !isRegistered(four) && !isWhole(bytes)) {
      throw new AcpiException("table", 0, "its signature is that of no table (" + four.replaceAll("[^\\x20-\\x7e]", ".") + ")",
          "give a table as \"acpidump -b\" writes it");
    }
    return four;
  }

  /** Whether a signature needs no look at what follows: any text begins with letters. */
  private static boolean isRegistered(String four) {
    return four.equals("iBFT") || four.equals("ASF!") || four.chars().allMatch(c -> c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c
        == '_');
  }

  private static boolean isWhole(byte[] bytes) {
    long length = bytes.length < TableHeader.SIZE ? 0 : LittleEndian.get(bytes, TableHeader.LENGTH.spec().offset(), 4);
    return length >= TableHeader.SIZE && length <= bytes.length;
  }

  /** Most are capital letters; {@code ASF!}, {@code iBFT} and tables of makers are other printable ones (ACPI 6.5, table 5.6). */
  private static boolean isSignature(String four) {
    boolean right = true;
    int letters = 0;
    for (int i = 0; i < four.length(); i++) {
      char c = four.charAt(i);
      boolean letter = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
      right &= letter || c == '!' || c == '$' || c == '@' || c == '#' || c == '-' || c == ' ' && i == 3;
      letters += letter ? 1 : 0;
    }
    return right && letters >= 2;
  }

  private static TableField lengthOf(StructureLayout layout) {
    for (TableField field : layout.fields()) {
      if (field.name().equals("LENGTH")) {
        return field;
      }
    }
    throw new IllegalStateException(layout + " has no length");
  }

  /** The length that the first bytes of a table say, where {@link Rsdp} has none the 20 bytes of ACPI 1.0. */
  private static int length(String signature, byte[] bytes) {
    StructureLayout layout = layout(signature);
    TableField field = lengthOf(layout);
    int least = signature.equals(RSDP) ? Rsdp.Field.LENGTH.spec().offset() : Math.min(layout.size(), TableHeader.SIZE);
    boolean first = signature.equals(RSDP) && bytes.length >= least
        && bytes[Rsdp.Field.REVISION.spec().offset()] < Rsdp.REVISION_WITH_XSDT;
    if (bytes.length < (first ? least : Math.max(least, field.spec().end()))) {
      throw new AcpiException(signature, bytes.length, "it ends inside its header", AcpiException.DAMAGED);
    }
    long length = first ? least : LittleEndian.get(bytes, field.spec().offset(), field.spec().size());
    if (length < least || length > bytes.length) {
      throw new AcpiException(signature, field.spec().offset(), "it says that it is " + length + " bytes long, "
          + (length < least ? "its header alone is " + least : bytes.length + " are there"), AcpiException.DAMAGED);
    }
    return (int) length;
  }

  /**
   * Makes a table of what was built; length and checksums come by themselves.
   *
   * @throws AcpiException if what was built can't be read
   */
  public static AcpiTable of(StructureBuilder built) {
    byte[] bytes = built.bytes();
    boolean rsdp = built.layout().name().equals(RSDP);
    if (rsdp) {
      LittleEndian.put(bytes, Rsdp.Field.LENGTH.spec().offset(), 4, bytes.length);
      Checksum.set(bytes, 0, Rsdp.Field.LENGTH.spec().offset(), Rsdp.Field.CHECKSUM.spec().offset());
      Checksum.set(bytes, 0, bytes.length, Rsdp.Field.EXTENDED_CHECKSUM.spec().offset());
    } else {
      LittleEndian.put(bytes, TableHeader.LENGTH.spec().offset(), 4, bytes.length);
      if (!built.layout().name().equals("FACS")) {
        Checksum.set(bytes, 0, bytes.length, TableHeader.CHECKSUM.spec().offset());
      }
    }
    return read(bytes);
  }

  /**
   * Starts a table with a header.
   *
   * @param layout of a table with the common header; its name is the signature
   */
  public static StructureBuilder header(StructureLayout layout, int revision, TableIdentity identity) {
    return header(StructureBuilder.of(layout), revision, identity);
  }

  /** Fills in the header of a table, one of an earlier revision for instance. */
  public static StructureBuilder header(StructureBuilder table, int revision, TableIdentity identity) {
    return table.set(TableHeader.SIGNATURE, table.layout().name()).set(TableHeader.REVISION, revision)
        .set(TableHeader.OEM_ID, identity.oemId()).set(TableHeader.OEM_TABLE_ID, identity.oemTableId())
        .set(TableHeader.OEM_REVISION, identity.oemRevision()).set(TableHeader.CREATOR_ID, identity.creatorId())
        .set(TableHeader.CREATOR_REVISION, identity.creatorRevision());
  }

  /** Four characters; {@code RSDP} for the pointer. */
  public String signature() {
    return signature;
  }

  /** What its fields say. */
  public Structure structure() {
    return structure;
  }

  /** A copy of its bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Bytes of it. */
  public int length() {
    return bytes.length;
  }

  /** Whether its bytes sum up as they must; of the RSDP both sums, of FACS, which has none, always. */
  public boolean checksumIsRight() {
    return switch (signature) {
      case "FACS" -> true;
      case RSDP -> Checksum.sum(bytes, 0, Rsdp.Field.LENGTH.spec().offset()) == 0
          && (!structure.has(Rsdp.Field.EXTENDED_CHECKSUM) || Checksum.sum(bytes, 0, bytes.length) == 0);
      default -> Checksum.sum(bytes, 0, bytes.length) == 0;
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AcpiTable that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return signature + " of " + bytes.length + " bytes";
  }
}
