package io.concordat.crypto.box;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.rlwe.RoundContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import org.bouncycastle.pqc.crypto.xwing.XWingPublicKeyParameters;

/**
 * Seals a share for one holder and opens it. The object: bulk head of kind 2, 1,120 bytes of
 * encapsulation, the share under AES-256-GCM, 16 bytes of tag.
 */
public final class ShareBoxes {
  /** Length of the seed an encapsulation is made from. */
  public static final int SEED_BYTES = 64;

  private static final byte[] INFO_DOMAIN = "concordat/box/1".getBytes(StandardCharsets.US_ASCII);

  private ShareBoxes() {}

  /**
   * Seals a share.
   *
   * @param siloPosition the sealing silo's place in the announced roster
   * @param holderPosition the holder's place in the policy
   * @param seed 64 bytes of the contribution's own stream. One seed, one box: under a repeated seed
   *     two boxes to one key share key and nonce, and their shares' difference is public
   * @return the object to send; the same bytes for the same arguments
   */
  public static byte[] seal(
      RoundContext context,
      int siloPosition,
      int holderPosition,
      BoxPublicKey key,
      byte[] share,
      byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException(
          "an encapsulation seed has " + SEED_BYTES + " bytes, not " + seed.length);
    }
    byte[] object = new byte[BoxLength.ofShare(share.length)];
    byte[] associated = associatedData(siloPosition, holderPosition);
    HpkeBase.Sealed sealed =
        HpkeBase.seal(
            new XWingPublicKeyParameters(key.bytes()), info(context), associated, share, seed);
    ByteBuffer.wrap(object)
        .put(new BulkHead(BulkHead.Kind.BOX, object.length - BulkHead.BYTES).encode())
        .put(sealed.encapsulation())
        .put(sealed.message());
    return object;
  }

  /**
   * Opens a box.
   *
   * @param shareBytes the length the parameter set gives; any other is refused before decryption
   * @throws DecodeException if the object is not of this form or does not open, whatever the
   *     reason: a sender learns nothing from how it failed
   */
  public static byte[] open(
      RoundContext context,
      int siloPosition,
      int holderPosition,
      BoxKeyPair keys,
      byte[] object,
      int shareBytes)
      throws DecodeException {
    int expected = BoxLength.ofShare(shareBytes);
    if (object.length != expected) {
      throw new DecodeException("a box has " + expected + " bytes, not " + object.length);
    }
    BulkHead head = BulkHead.decode(object);
    if (head.kind() != BulkHead.Kind.BOX || head.bodyBytes() != expected - BulkHead.BYTES) {
      throw new DecodeException("the bulk head is not that of a box of " + expected + " bytes");
    }
    byte[] associated = associatedData(siloPosition, holderPosition);
    int sealedFrom = BulkHead.BYTES + BoxLength.ENCAPSULATION_BYTES;
    byte[] encapsulation = Arrays.copyOfRange(object, BulkHead.BYTES, sealedFrom);
    byte[] sealed = Arrays.copyOfRange(object, sealedFrom, object.length);
    var expanded = keys.expanded();
    try {
      return HpkeBase.open(expanded, encapsulation, info(context), associated, sealed);
    } catch (AEADBadTagException | IllegalStateException | IllegalArgumentException e) {
      // The last two: an X25519 part of small order, which Bouncy Castle refuses unchecked.
      throw new DecodeException("the box does not open");
    }
  }

  private static byte[] info(RoundContext context) {
    return ByteBuffer.allocate(INFO_DOMAIN.length + RoundContext.BYTES)
        .put(INFO_DOMAIN)
        .put(context.bytes())
        .array();
  }

  private static byte[] associatedData(int siloPosition, int holderPosition) {
    if (siloPosition < 0 || holderPosition < 1) {
      throw new IllegalArgumentException(
          "silo positions start at 0, holder positions at 1; not "
              + siloPosition
              + " and "
              + holderPosition);
    }
    return ByteBuffer.allocate(8).putInt(siloPosition).putInt(holderPosition).array();
  }
}
