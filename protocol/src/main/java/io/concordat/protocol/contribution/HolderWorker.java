package io.concordat.protocol.contribution;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.box.BoxKeyPair;
import io.concordat.crypto.box.ShareBoxes;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.share.KeyShares;
import io.concordat.crypto.share.ShareVector;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.holder.HolderCommand;
import io.concordat.protocol.holder.HolderEvent;
import io.concordat.protocol.ledger.HeaderRules;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.RoundAnnounced;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A holder's work with box secrets and shares. The box key of the round at work stays in memory
 * until the next round's takes its place or its secret is erased: making it from the secret costs
 * as much as opening a box with it. So do the shares of the first {@value #MAX_KEPT} boxes that it
 * opened, which tell a thief of this memory nothing that key and boxes do not: they are overwritten
 * as they are added up, or with the key. Other shares exist only while a box is checked or an
 * answer is added up.
 */
final class HolderWorker {
  private final Store store;
  private final BoxSecrets secrets;
  private final Randomness randomness;
  private Optional<RoundKeys> newest = Optional.empty();

  /** 32 shares of the larger ring are half a megabyte. */
  private static final int MAX_KEPT = 32;

  /**
   * @param opened by contribution, what its box held
   */
  private record RoundKeys(
      Digest job, RoundContext ctx, BoxKeyPair pair, Map<Digest, ShareVector> opened) {
    void wipeShares() {
      opened.values().forEach(ShareVector::wipe);
      opened.clear();
    }
  }

  HolderWorker(Store store, BoxSecrets secrets, Randomness randomness) {
    this.store = store;
    this.secrets = secrets;
    this.randomness = randomness;
  }

  HolderEvent run(HolderCommand command) throws IOException {
    return switch (command) {
      case HolderCommand.MakeBoxKey(Digest job, int epoch) -> makeKey(job, epoch);
      case HolderCommand.CheckBox check -> checkBox(check);
      case HolderCommand.SumShares sum -> sumShares(sum);
      case HolderCommand.EraseBoxKeys(Digest job, int through) -> {
        secrets.erase(job, through);
        forget(job);
        yield new HolderEvent.BoxKeysErased(job, through);
      }
    };
  }

  private HolderEvent makeKey(Digest job, int epoch) throws IOException {
    Optional<byte[]> known = secrets.load(job, epoch);
    byte[] secret;
    if (known.isPresent()) {
      secret = known.get();
    } else {
      secret = new byte[BoxKeyPair.SECRET_BYTES];
      randomness.fill(secret);
      // On the disk before the public half exists: a published key whose secret is lost would
      // leave this holder out of the rounds that name it.
      secrets.store(job, epoch, secret);
    }
    BoxKeyPair pair = BoxKeyPair.generate(secret);
    Arrays.fill(secret, (byte) 0);
    byte[] key = pair.publicKey().bytes();
    pair.destroy();
    return new HolderEvent.BoxKeyMade(job, epoch, key);
  }

  private synchronized void forget(Digest job) {
    newest
        .filter(k -> k.job().equals(job))
        .ifPresent(k -> {
          k.wipeShares();
          k.pair().destroy();
        });
    newest = newest.filter(k -> !k.job().equals(job));
  }

  private synchronized Optional<BoxKeyPair> keys(
      RoundAnnounced announcement, RoundContext ctx, int position) throws IOException {
    if (newest.isEmpty() || !newest.get().ctx().equals(ctx)) {
      // The key before is left to whoever still works with it.
      newest.ifPresent(RoundKeys::wipeShares);
      newest =
          read(announcement, position)
              .map(pair -> new RoundKeys(announcement.job(), ctx, pair, new HashMap<>()));
    }
    return newest.map(RoundKeys::pair);
  }

  private synchronized void keep(RoundContext ctx, Digest contribution, ShareVector share) {
    Optional<RoundKeys> round = newest.filter(k -> k.ctx().equals(ctx) && !k.pair().isDestroyed());
    if (round.isPresent() && round.get().opened().size() < MAX_KEPT) {
      ShareVector before = round.get().opened().put(contribution, share);
      if (before != null) {
        before.wipe();
      }
    } else {
      share.wipe();
    }
  }

  private synchronized Optional<ShareVector> kept(RoundContext ctx, Digest contribution) {
    return newest.filter(k -> k.ctx().equals(ctx)).map(k -> k.opened().remove(contribution));
  }

  private Optional<BoxKeyPair> read(RoundAnnounced announcement, int position) throws IOException {
    for (RoundAnnounced.BoxKey named : announcement.boxKeys()) {
      if (named.position() == position) {
        Optional<byte[]> secret = secrets.load(announcement.job(), named.epoch());
        if (secret.isEmpty()) {
          return Optional.empty();
        }
        BoxKeyPair pair = BoxKeyPair.generate(secret.get());
        Arrays.fill(secret.get(), (byte) 0);
        if (pair.publicKey().digest().equals(named.sha256())) {
          return Optional.of(pair);
        }
        pair.destroy();
      }
    }
    return Optional.empty();
  }

  private HolderEvent checkBox(HolderCommand.CheckBox check) throws IOException {
    RoundAnnounced announcement = check.announcement();
    Digest contribution = check.header().digest();
    String silo = check.header().silo();
    // Once a box: with 500 silos an announcement's digest costs as much as opening a box.
    RoundContext ctx = announcement.ctx();
    Optional<BoxKeyPair> keys = keys(announcement, ctx, check.position());
    if (keys.isEmpty()) {
      return new HolderEvent.BoxRefused(
          ctx, silo, contribution, "the box secret of this epoch is not here");
    }
    try {
      keep(
          ctx,
          contribution,
          open(announcement, ctx, silo, check.position(), keys.get(), check.box()));
      return new HolderEvent.BoxOpened(ctx, silo, contribution, check.box());
    } catch (DecodeException e) {
      return new HolderEvent.BoxRefused(ctx, silo, contribution, "the box holds no valid share");
    }
  }

  private static ShareVector open(
      RoundAnnounced announcement,
      RoundContext ctx,
      String silo,
      int position,
      BoxKeyPair keys,
      byte[] box)
      throws DecodeException {
    Layout layout =
        HeaderRules.layout(announcement)
            .orElseThrow(() -> new DecodeException("the announced layout is none"));
    int ringDegree = layout.set().ringDegree();
    if (keys.isDestroyed()) {
      throw new DecodeException("the box secret was erased, the round has ended");
    }
    byte[] share =
        ShareBoxes.open(
            ctx, announcement.roster().indexOf(silo) + 1, position, keys, box, 2 * ringDegree);
    try {
      return ShareVector.decode(share, ringDegree);
    } finally {
      Arrays.fill(share, (byte) 0);
    }
  }

  private HolderEvent sumShares(HolderCommand.SumShares command) throws IOException {
    RoundContext ctx = command.announcement().ctx();
    Optional<BoxKeyPair> keys = keys(command.announcement(), ctx, command.position());
    if (keys.isEmpty()) {
      return new HolderEvent.SharesLost(command.manifestDigest(), "the box secret is gone");
    }
    Optional<ShareVector> sum = Optional.empty();
    try {
      for (Member member : command.manifest().cohort()) {
        Optional<ShareVector> opened = kept(ctx, member.contribution());
        if (opened.isEmpty()) {
          Optional<byte[]> box =
              store.get(Names.heldBox(member.contribution(), command.position()));
          if (box.isEmpty()) {
            return new HolderEvent.SharesLost(
                command.manifestDigest(), "the box of " + member.silo() + " is gone");
          }
          opened =
              Optional.of(
                  open(
                      command.announcement(),
                      ctx,
                      member.silo(),
                      command.position(),
                      keys.get(),
                      box.get()));
        }
        ShareVector share = opened.get();
        if (sum.isEmpty()) {
          sum = Optional.of(share);
        } else {
          KeyShares.add(sum.get(), share);
          share.wipe();
        }
      }
      byte[] object = KeyShares.encode(sum.orElseThrow());
      return new HolderEvent.SharesSummed(command.manifestDigest(), object);
    } catch (DecodeException e) {
      return new HolderEvent.SharesLost(
          command.manifestDigest(), "a stored box does not open any more");
    } finally {
      sum.ifPresent(ShareVector::wipe);
    }
  }
}
