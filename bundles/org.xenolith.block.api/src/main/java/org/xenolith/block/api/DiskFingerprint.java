// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

/**
 * What tells a disk's content from others: who makes a run again looks whether the disk is the one of then.
 *
 * @param source  the image's file or address, for messages; it is no part of what is compared
 * @param bytes   of the whole disk
 * @param digest  of what was looked at: the same for the same content in any format
 * @param samples which pieces were looked at, in a word such as {@code 1024x1048576}: a change between them isn't seen; empty for all of the disk. Digests of different samples say nothing of each other
 */
public record DiskFingerprint(String source, long bytes, String digest, String samples) {}
