import com.espertech.esper.common.client.EPCompiled;
import com.espertech.esper.common.client.EventBean;
import com.espertech.esper.common.client.configuration.Configuration;
import com.espertech.esper.compiler.client.CompilerArguments;
import com.espertech.esper.compiler.client.EPCompilerProvider;
import com.espertech.esper.runtime.client.EPRuntime;
import com.espertech.esper.runtime.client.EPRuntimeProvider;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Runs seeded streams of readings through Esper and writes down what it reports, at which instant and why.
 * Time is controlled from outside: before an event, everything that falls due happens at its own instant.
 */
public final class EsperRecorder {
    /** 2026-03-01T08:00:00Z; no multiple of seven seconds, so that the batches' alignment shows. */
    private static final long START = 1_772_352_000_000L;
    private static final int STREAMS = 10;
    private static final int EVENTS = 60;
    /** Long after the last event every window is empty and every pattern decided. */
    private static final long SILENCE = 20_000;
    /** Grid steps of 500 ms between events: three, five and seven seconds come up exactly, and so does none. */
    private static final int[] GAPS = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 4, 6, 10, 14};
    /** Milliseconds that an event stands beside the grid: one before a boundary, one behind it. */
    private static final int[] BESIDE = {0, 0, 0, 0, -1, 1};
    private static final String[] SYMBOLS = {"A", "A", "A", "B", "B", "C", null};

    /**
     * One stream that chance rarely draws: the first reading waits for its third step behind the second one, which
     * began later but went on earlier, and is over just when (A), just before (B) and just after (C) that step comes.
     */
    private static final List<Reading> OVERTAKEN = List.of(
        new Reading(0, 0, "A", 8), new Reading(1, 1_000, "A", 4), new Reading(2, 2_000, "A", 6),
        new Reading(3, 3_000, "A", 10), new Reading(4, 5_000, "A", 9),
        new Reading(5, 20_000, "B", 8), new Reading(6, 21_000, "B", 4), new Reading(7, 22_000, "B", 6),
        new Reading(8, 23_000, "B", 10), new Reading(9, 25_001, "B", 9),
        new Reading(10, 40_000, "C", 8), new Reading(11, 41_000, "C", 4), new Reading(12, 42_000, "C", 6),
        new Reading(13, 43_000, "C", 10), new Reading(14, 44_999, "C", 9));

    private static final String FIGURES = "count(*) as n, sum(price) as total, avg(price) as mean, min(price) as low, "
        + "max(price) as high, count(distinct price) as kinds, count(*, filter: price > 5) as above, median(price) as middle";
    private static final String[] FIGURE_NAMES =
        {"symbol", "n", "total", "mean", "low", "high", "kinds", "above", "middle"};

    /** What is written down: what Esper says now holds, or what held until time alone took it away. */
    private enum Report { NEW, TAKEN_BY_TIME }

    private record Reading(int id, long at, String symbol, Integer price) {}

    private record Query(String name, Report report, String epl, String... columns) {}

    private static final List<Query> QUERIES = List.of(
        window("sliding", Report.NEW, "Reading#time(5 sec)"),
        window("tumbling", Report.NEW, "Reading#time_batch(7 sec, 0L)"),
        window("tumblingOpen", Report.NEW, "Reading#groupwin(symbol)#expr(oldest_event.happened - oldest_event.happened % 7000"
            + " = newest_event.happened - newest_event.happened % 7000)"),
        window("session", Report.NEW, "Reading#groupwin(symbol)#time_accum(3 sec)"),
        window("sessionClosed", Report.TAKEN_BY_TIME, "Reading#groupwin(symbol)#time_accum(3 sec)"),
        window("lastThree", Report.NEW, "Reading#groupwin(symbol)#length(3)"),
        window("slidingInEventTime", Report.NEW, "Reading#ext_timed(happened, 5 sec)"),
        window("tumblingInEventTime", Report.NEW, "Reading#ext_timed_batch(happened, 7 sec, 0L)"),
        pattern("pair", 2, "every a=Reading(price >= 6)"
            + " -> (b=Reading(symbol = a.symbol, price >= 4) where timer:within(5 sec))"),
        pattern("rise", 2, "every a=Reading(price >= 2)"
            + " -> (b=Reading(symbol = a.symbol, price > a.price) where timer:within(5 sec))"),
        pattern("triple", 3, "every a=Reading(price >= 5) -> ((b=Reading(symbol = a.symbol, price >= 3)"
            + " -> c=Reading(symbol = a.symbol, price < 8)) where timer:within(5 sec))"),
        pattern("peak", 3, "every a=Reading -> ((b=Reading(symbol = a.symbol, price > a.price)"
            + " -> c=Reading(symbol = a.symbol, price < b.price)) where timer:within(5 sec))"),
        pattern("absence", 1, "every a=Reading(price >= 5)"
            + " -> (timer:interval(5 sec) and not Reading(symbol = a.symbol, price > 2))"),
        pattern("pairThenAbsence", 2, "every a=Reading(price >= 5)"
            + " -> (b=Reading(symbol = a.symbol, price >= 4) where timer:within(5 sec))"
            + " -> (timer:interval(3 sec) and not Reading(symbol = a.symbol, price > b.price))"),
        new Query("pairsInWindow", Report.NEW, "select a.symbol as symbol, count(*) as n, sum(b.price - a.price) as total"
            + " from pattern [every a=Reading(price >= 5) -> (b=Reading(symbol = a.symbol, price >= 4)"
            + " where timer:within(5 sec))]#time(4 sec) group by a.symbol", "symbol", "n", "total"));

    private static Query window(String name, Report report, String source) {
        String stream = report == Report.NEW ? "istream" : "irstream";
        return new Query(name, report,
            "select " + stream + " symbol, " + FIGURES + " from " + source + " group by symbol", FIGURE_NAMES);
    }

    private static Query pattern(String name, int steps, String pattern) {
        String[] columns = List.of("a", "b", "c").subList(0, steps).toArray(String[]::new);
        String select = List.of(columns).stream().map(step -> step + ".id as " + step).collect(Collectors.joining(", "));
        return new Query(name, Report.NEW, "select " + select + " from pattern [" + pattern + "]", columns);
    }

    public static void main(String[] arguments) throws Exception {
        Configuration configuration = new Configuration();
        configuration.getRuntime().getThreading().setInternalTimerEnabled(false);
        List<List<Reading>> streams = new ArrayList<>();
        for (int seed = 1; seed <= STREAMS; seed++) streams.add(stream(new Random(seed)));
        streams.add(OVERTAKEN);
        List<String> recorded = new ArrayList<>();
        for (Query query : QUERIES) {
            EPCompiled compiled = compile(query, configuration);
            List<String> runs = new ArrayList<>();
            for (List<Reading> stream : streams) runs.add(list(run(query, compiled, configuration, stream)));
            recorded.add(json(query.name()) + ": {\n\"epl\": " + json(query.epl()) + ",\n\"columns\": "
                + list(List.of(query.columns()).stream().map(EsperRecorder::json).toList())
                + ",\n\"runs\": [\n" + String.join(",\n", runs) + "\n]}");
        }
        String events = streams.stream().map(stream -> list(stream.stream().map(EsperRecorder::row).toList()))
            .collect(Collectors.joining(",\n"));
        try (PrintStream out = new PrintStream(Path.of(arguments[0]).toFile(), StandardCharsets.UTF_8)) {
            out.print("{\n\"start\": " + START + ",\n\"silence\": " + SILENCE + ",\n\"streams\": [\n" + events
                + "\n],\n\"queries\": {\n" + String.join(",\n", recorded) + "\n}\n}\n");
        }
    }

    private static List<Reading> stream(Random random) {
        List<Reading> readings = new ArrayList<>();
        long grid = 1;
        long at = 0;
        for (int id = 0; id < EVENTS; id++) {
            int gap = GAPS[random.nextInt(GAPS.length)];
            grid += gap;
            if (gap > 0) at = grid * 500 + BESIDE[random.nextInt(BESIDE.length)];
            Integer price = random.nextInt(12) == 0 ? null : random.nextInt(11);
            readings.add(new Reading(id, at, SYMBOLS[random.nextInt(SYMBOLS.length)], price));
        }
        return readings;
    }

    private static EPCompiled compile(Query query, Configuration configuration) throws Exception {
        String module = "@public @buseventtype create schema Reading(id int, happened long, symbol string, price int);\n"
            + "@name('query') " + query.epl();
        return EPCompilerProvider.getCompiler().compile(module, new CompilerArguments(configuration));
    }

    private static List<String> run(Query query, EPCompiled compiled, Configuration configuration, List<Reading> stream)
        throws Exception {
        EPRuntime runtime = EPRuntimeProvider.getRuntime("recorder", configuration);
        runtime.initialize();
        runtime.getEventService().advanceTime(START);
        String deployment = runtime.getDeploymentService().deploy(compiled).getDeploymentId();
        List<String> rows = new ArrayList<>();
        // The event that is being sent, or -1 while time alone passes.
        int[] cause = {-1};
        runtime.getDeploymentService().getStatement(deployment, "query").addListener((now, before, statement, at) -> {
            boolean asked = query.report() == Report.NEW || cause[0] < 0;
            EventBean[] reported = query.report() == Report.NEW ? now : before;
            if (!asked || reported == null) return;
            for (EventBean bean : reported) {
                List<String> values = new ArrayList<>();
                values.add(String.valueOf(at.getEventService().getCurrentTime() - START));
                values.add(String.valueOf(cause[0]));
                for (String column : query.columns()) values.add(json(bean.get(column)));
                rows.add(list(values));
            }
        });
        for (Reading reading : stream) {
            runtime.getEventService().advanceTimeSpan(START + reading.at());
            cause[0] = reading.id();
            Map<String, Object> event = new HashMap<>();
            event.put("id", reading.id());
            event.put("happened", START + reading.at());
            event.put("symbol", reading.symbol());
            event.put("price", reading.price());
            runtime.getEventService().sendEventMap(event, "Reading");
            cause[0] = -1;
        }
        runtime.getEventService().advanceTimeSpan(START + stream.get(stream.size() - 1).at() + SILENCE);
        runtime.destroy();
        return rows;
    }

    private static String row(Reading reading) {
        return list(List.of(String.valueOf(reading.at()), json(reading.symbol()), json(reading.price())));
    }

    private static String list(List<String> values) {
        return "[" + String.join(",", values) + "]";
    }

    private static String json(Object value) {
        return value instanceof String text ? "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"" : String.valueOf(value);
    }
}
