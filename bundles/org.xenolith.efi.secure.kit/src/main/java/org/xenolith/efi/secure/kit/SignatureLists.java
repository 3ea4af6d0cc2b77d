// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.secure.kit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;

/**
 * Contents of PK, KEK and the databases: EFI_SIGNATURE_LISTs one behind the other (UEFI 2.10, 32.4.1). Each has a type (GUID), u32 size of
 * the list, u32 size of a header, u32 size of each signature, and signatures, which begin with the GUID of their owner.
 */
public final class SignatureLists {
  private static final int HEAD = 28;
  /** A certificate in DER (UEFI 2.10, 32.4.1: EFI_CERT_X509_GUID). */
  public static final EfiGuid X509 = EfiGuid.of("a5c059a1-94e4-4aa7-87b5-ab155c2bf072");
  /** Types and bytes of their data; 0 for any number. */
  private static final Map<EfiGuid, Integer> TYPES = new LinkedHashMap<>();

  static {
    type("c1c41626-504c-4092-aca9-41f936934328", 32); // SHA-256
    type("3c5766e8-269c-4e34-aa14-ed776e85b3b6", 256); // RSA-2048
    type("e2b36190-879b-4a3d-ad8d-f2e7bba32784", 256); // RSA-2048 with SHA-256
    type("826ca512-cf10-4ac9-b187-be01496631bd", 20); // SHA-1
    type("67f8444f-8743-48f1-a328-1eaab8736080", 256); // RSA-2048 with SHA-1
    TYPES.put(X509, 0);
    type("0b6e5233-a65c-44c9-9407-d9ab83bfc8bd", 28); // SHA-224
    type("ff3e5307-9fd0-48c9-85f1-8ad56c701e01", 48); // SHA-384
    type("093e0fae-a6c4-4f50-9f1b-d41e2b89c19a", 64); // SHA-512
    type("3bd2a492-96c0-4079-b420-fcf98ef103ed", 48); // SHA-256 of a certificate, and when it was revoked
    type("7076876e-80c2-4ee6-aad2-28b349a6865b", 64); // SHA-384 of one
    type("446dbf63-2502-4cda-bcfa-2465d2b0fe9d", 80); // SHA-512 of one
  }

  private final List<SignatureList> lists = new ArrayList<>();

  /** One list. A signature is with its owner. */
  private record SignatureList(EfiGuid type, byte[] header, int size, List<byte[]> signatures) {}

  private static void type(String guid, int bytes) {
    TYPES.put(EfiGuid.of(guid), bytes);
  }

  /** The types that are known, as the variable SignatureSupport has them. */
  public static byte[] supported() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    TYPES.keySet().forEach(type -> all.writeBytes(type.toBytes()));
    return all.toByteArray();
  }

  /** Takes lists apart; null if they aren't lists of known types from their first byte to their last. */
  public static @Nullable SignatureLists parse(byte[] bytes) {
    SignatureLists all = new SignatureLists();
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      if (in.remaining() < HEAD) {
        return null;
      }
      int start = in.position();
      EfiGuid type = EfiGuid.ofBytes(bytes, start);
      long size = Integer.toUnsignedLong(in.getInt(start + 16));
      long header = Integer.toUnsignedLong(in.getInt(start + 20));
      long each = Integer.toUnsignedLong(in.getInt(start + 24));
      long signatures = size - HEAD - header;
      Integer known = TYPES.get(type);
      if (known == null || size > in.remaining() || signatures <= 0 || each <= EfiGuid.SIZE || signatures % each != 0
          || known != 0 && (each != EfiGuid.SIZE + known || header != 0)) {
        return null;
      }
      int first = start + HEAD + (int) header;
      int end = start + (int) size;
      List<byte[]> data = new ArrayList<>();
      for (int at = first; at < end; at += (int) each) {
        data.add(Arrays.copyOfRange(bytes, at, at + (int) each));
      }
      all.lists.add(new SignatureList(type, Arrays.copyOfRange(bytes, start + HEAD, first), (int) each, data));
      in.position(end);
    }
    return all;
  }

  /** How many signatures there are. */
  public int count() {
    return lists.stream().mapToInt(list -> list.signatures.size()).sum();
  }

  /** The certificates among them, in DER. */
  public List<byte[]> certificates() {
    return data(X509);
  }

  /** The data of all signatures of a type, without their owners. */
  public List<byte[]> data(EfiGuid type) {
    return lists.stream().filter(list -> list.type.equals(type)).flatMap(list -> list.signatures.stream())
        .map(signature -> Arrays.copyOfRange(signature, EfiGuid.SIZE, signature.length)).toList();
  }

  /** These lists without the signatures that others have, with the same owner; a list of which none is left is left out. */
  public byte[] without(SignatureLists others) {
    Set<List<Object>> there = new HashSet<>();
    others.lists.forEach(list -> list.signatures.forEach(signature -> there.add(key(list, signature))));
    ByteArrayOutputStream left = new ByteArrayOutputStream();
    for (SignatureList list : lists) {
      List<byte[]> kept = list.signatures.stream().filter(signature -> there.add(key(list, signature))).toList();
      if (!kept.isEmpty()) {
        left.writeBytes(list.type.toBytes());
        left.writeBytes(ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(HEAD + list.header.length + kept.size() * list.size)
            .putInt(list.header.length).putInt(list.size).array());
        left.writeBytes(list.header);
        kept.forEach(left::writeBytes);
      }
    }
    return left.toByteArray();
  }

  private static List<Object> key(SignatureList list, byte[] signature) {
    return List.of(list.type, ByteBuffer.wrap(signature));
  }
}
