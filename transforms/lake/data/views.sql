-- Views that users ask for first; every `wirelake query` has them. Statements end in a semicolon at
-- the end of a line. They count what the text itself asserts as having happened
-- (polarity positive, modality asserted); ask `events` for all the rest.

-- one_a_day: one row per distinct event (date, source, type, target), however often it was reported.
-- The other columns are those of the mention with the highest confidence.
CREATE VIEW one_a_day AS
SELECT
    event_key,
    arg_max(event_date, best) AS event_date,
    arg_max(event_date_precision, best) AS event_date_precision,
    arg_max(source_country, best) AS source_country,
    arg_max(source_code, best) AS source_code,
    arg_max(target_country, best) AS target_country,
    arg_max(target_code, best) AS target_code,
    arg_max(plover_type, best) AS plover_type,
    arg_max(cameo_code, best) AS cameo_code,
    arg_max(quad_class, best) AS quad_class,
    arg_max(goldstein, best) AS goldstein,
    arg_max(sentence, best) AS sentence,
    arg_max(event_id, best) AS event_id,
    max(confidence) AS confidence,
    count(*) AS mentions,
    count(DISTINCT article_id) AS articles,
    min(published_at) AS first_published_at
FROM (
    -- the most confident mention; of equal ones the earliest, then the smallest id
    SELECT *, {'c': confidence, 't': -coalesce(epoch_us(published_at), 0), 'id': event_id} AS best
    FROM events
    WHERE polarity = 'positive' AND modality = 'asserted'
)
GROUP BY event_key;

-- event_outlets: how many outlets carried an event, copies of its articles included
-- (copies: how many feed entries that makes, one per feed and article).
-- A feed without a configured outlet counts as an outlet of its own.
CREATE VIEW event_outlets AS
WITH carried AS (
    SELECT article_id, feed_id FROM articles
    UNION
    SELECT article_id, feed_id FROM duplicates
),
named AS (
    SELECT feed_id, arg_max(outlet, run_id) AS outlet, arg_max(country, run_id) AS country
    FROM feeds GROUP BY feed_id
)
SELECT
    event_key,
    count(DISTINCT coalesce(outlet, feed_id)) AS outlets,
    count(DISTINCT feed_id) AS feeds,
    count(DISTINCT country) AS outlet_countries,
    count(*) AS copies,
    list(DISTINCT coalesce(outlet, feed_id) ORDER BY coalesce(outlet, feed_id)) AS outlet_names
FROM (SELECT DISTINCT event_key, article_id FROM events)
JOIN carried USING (article_id)
LEFT JOIN named USING (feed_id)
GROUP BY event_key;

-- country_day: what each country did and what was done to it, day by day, zeros included: every
-- country that occurs at all, on every day from the first to the last that articles were published on.
-- Events dated to a month or a year only are left out. per_1000 divides by that day's articles, so
-- that days of thin coverage compare with others; null where there was none.
CREATE VIEW country_day AS
WITH happened AS (
    SELECT * FROM one_a_day WHERE event_date_precision IN ('day', 'published')
),
coverage AS (
    SELECT CAST(coalesce(published_at, fetched_at) AS DATE) AS day, count(*) AS articles
    FROM articles GROUP BY day
),
days AS (
    SELECT CAST(unnest(generate_series(min(day), max(day), INTERVAL 1 DAY)) AS DATE) AS day
    FROM coverage
),
acted AS (
    SELECT source_country AS country, event_date AS day, quad_class, goldstein, true AS did
    FROM happened WHERE source_country IS NOT NULL
    UNION ALL
    SELECT target_country, event_date, quad_class, goldstein, false
    FROM happened WHERE target_country IS NOT NULL
)
SELECT
    country,
    day,
    count(did) FILTER (did) AS as_source,
    count(did) FILTER (NOT did) AS as_target,
    count(did) FILTER (did AND quad_class = 1) AS verbal_cooperation,
    count(did) FILTER (did AND quad_class = 2) AS material_cooperation,
    count(did) FILTER (did AND quad_class = 3) AS verbal_conflict,
    count(did) FILTER (did AND quad_class = 4) AS material_conflict,
    avg(goldstein) FILTER (did) AS goldstein,
    coalesce(any_value(coverage.articles), 0) AS articles,
    1000.0 * count(did) FILTER (did) / any_value(coverage.articles) AS per_1000
FROM (SELECT DISTINCT country FROM acted) AS countries
CROSS JOIN days
LEFT JOIN coverage USING (day)
LEFT JOIN acted USING (country, day)
GROUP BY country, day;

-- dyad_month: what one country did to another, month by month, zeros included: every directed pair
-- that occurs at all, in every month from the first to the last that articles were published in.
-- Events dated to a year only are left out. per_1000 divides by that month's articles.
CREATE VIEW dyad_month AS
WITH happened AS (
    SELECT *, CAST(date_trunc('month', event_date) AS DATE) AS month
    FROM one_a_day
    WHERE event_date_precision <> 'year'
      AND source_country IS NOT NULL
      AND target_country IS NOT NULL
      AND source_country <> target_country
),
coverage AS (
    SELECT CAST(date_trunc('month', coalesce(published_at, fetched_at)) AS DATE) AS month,
           count(*) AS articles
    FROM articles GROUP BY month
),
months AS (
    SELECT CAST(unnest(generate_series(min(month), max(month), INTERVAL 1 MONTH)) AS DATE) AS month
    FROM coverage
)
SELECT
    source_country,
    target_country,
    month,
    count(event_key) AS events,
    count(event_key) FILTER (quad_class = 1) AS verbal_cooperation,
    count(event_key) FILTER (quad_class = 2) AS material_cooperation,
    count(event_key) FILTER (quad_class = 3) AS verbal_conflict,
    count(event_key) FILTER (quad_class = 4) AS material_conflict,
    avg(goldstein) AS goldstein,
    coalesce(any_value(coverage.articles), 0) AS articles,
    1000.0 * count(event_key) / any_value(coverage.articles) AS per_1000
FROM (SELECT DISTINCT source_country, target_country FROM happened) AS dyads
CROSS JOIN months
LEFT JOIN coverage USING (month)
LEFT JOIN happened USING (source_country, target_country, month)
GROUP BY source_country, target_country, month;
