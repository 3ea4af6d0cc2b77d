// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

/**
 * Who made a table, as its header says it (ACPI 6.5, 5.2.6). Operating systems choose their ways around a board's defects by it.
 *
 * @param oemId           up to 6 characters
 * @param oemTableId      up to 8 characters
 * @param oemRevision     of the table, by its maker
 * @param creatorId       of the tool, up to 4 characters
 * @param creatorRevision of the tool
 */
public record TableIdentity(String oemId, String oemTableId, long oemRevision, String creatorId, long creatorRevision) {
  /** What a table's header says. */
  public static TableIdentity of(Structure table) {
    return new TableIdentity(table.text(TableHeader.OEM_ID), table.text(TableHeader.OEM_TABLE_ID),
        table.get(TableHeader.OEM_REVISION), table.text(TableHeader.CREATOR_ID),
        table.get(TableHeader.CREATOR_REVISION));
  }

  /** The same maker, another table id. */
  public TableIdentity withTable(String id, long revision) {
    return new TableIdentity(oemId, id, revision, creatorId, creatorRevision);
  }
}
