package io.waxwatch.gateway.watchreleases;

import io.waxwatch.common.matching.Criteria;
import io.waxwatch.common.matching.ReleaseWatch.Mode;
import io.waxwatch.gateway.http.ApiException;
import io.waxwatch.gateway.routing.Call;
import io.waxwatch.gateway.validation.BodyFields;
import io.waxwatch.gateway.validation.Violations;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads and checks what callers send about watched releases, in the contract's words. */
final class ReleaseInput {

    private static final List<String> MODES = List.of(Mode.EXACT.wireName(), Mode.MASTER.wireName());

    private static final String CONDITION = "min_condition";

    private ReleaseInput() {}

    private record Fields(
            OptionalLong releaseId,
            OptionalLong masterId,
            Optional<Mode> mode,
            Optional<String> title,
            Optional<String> artist,
            OptionalLong year,
            Optional<BigDecimal> targetPrice,
            Optional<String> currency,
            Optional<String> minCondition,
            Optional<Boolean> active) {

        static Fields of(BodyFields body) {
            return new Fields(
                    body.whole("discogs_release_id", 1, Long.MAX_VALUE),
                    body.nullableWhole("discogs_master_id", 1, Long.MAX_VALUE),
                    body.word("match_mode", MODES).flatMap(Mode::fromWireName),
                    body.name("title", 300),
                    body.nullableText("artist", 0, 200),
                    body.nullableWhole("year", 0, 9999),
                    body.nullableMoney("target_price"),
                    body.currency("currency"),
                    body.nullableText(CONDITION, 0, 30),
                    body.bool("is_active"));
        }
    }

    /** A new one; a master that is needed and not named is to be looked up, a currency is null where none is named. */
    static ReleaseState create(Call call) {
        var violations = new Violations();
        BodyFields body = call.create(violations).require("discogs_release_id").require("title");
        Fields given = Fields.of(body);
        given.minCondition().flatMap(Criteria::faultOfGrade).ifPresent(fault -> body.refuse(CONDITION, fault));
        violations.refuseIfAny();
        return new ReleaseState(
                given.releaseId().getAsLong(),
                boxed(given.masterId(), null),
                given.mode().orElse(Mode.EXACT),
                given.title().orElseThrow(),
                given.artist().orElse(null),
                small(given.year(), null),
                given.targetPrice().orElse(null),
                given.currency().orElse(null),
                given.minCondition().orElse(null),
                given.active().orElse(true));
    }

    /** A change; what is absent or null stays, but for the target: null is the only way to say that there is none any more. */
    static final class Patch {

        private final Fields given;
        private final boolean clearsTarget;

        private Patch(Fields given, boolean clearsTarget) {
            this.given = given;
            this.clearsTarget = clearsTarget;
        }

        static Patch of(Call call, Violations violations) {
            BodyFields body = call.patch(violations);
            Fields given = Fields.of(body);
            violations.refuseIfAny();
            return new Patch(given, body.isNull("target_price"));
        }

        /**
         * A master that is needed and not named is to be looked up. A grade that stays as it was is not judged.
         *
         * @throws ApiException (422) for a grade that nobody knows
         */
        ReleaseState applyTo(ReleaseState release) {
            given.minCondition()
                    .filter(grade -> !grade.equals(release.minCondition()))
                    .ifPresent(Patch::judge);
            return new ReleaseState(
                    given.releaseId().orElse(release.releaseId()),
                    boxed(given.masterId(), release.masterId()),
                    given.mode().orElse(release.mode()),
                    given.title().orElse(release.title()),
                    given.artist().orElse(release.artist()),
                    small(given.year(), release.year()),
                    clearsTarget ? null : given.targetPrice().orElse(release.targetPrice()),
                    given.currency().orElse(release.currency()),
                    given.minCondition().orElse(release.minCondition()),
                    given.active().orElse(release.active()));
        }

        private static void judge(String grade) {
            var violations = new Violations();
            Criteria.faultOfGrade(grade).ifPresent(fault -> violations.value(List.of("body", CONDITION), fault, grade));
            violations.refuseIfAny();
        }
    }

    private static Long boxed(OptionalLong given, Long otherwise) {
        return given.isPresent() ? Long.valueOf(given.getAsLong()) : otherwise;
    }

    private static Integer small(OptionalLong given, Integer otherwise) {
        return given.isPresent() ? Integer.valueOf((int) given.getAsLong()) : otherwise;
    }
}
